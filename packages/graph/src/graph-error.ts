/**
 * A graph cannot be recorded, because shapes, dtypes or weights do not fit.
 *
 * The message starts with the operation and names the axis, what was got and what was wanted.
 */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code = 'graph';
  /** The operation that refused, for example `conv2d`. */
  readonly operation: string;

  constructor(operation: string, message: string) {
    super(`${operation}: ${message}`);
    this.operation = operation;
  }
}
