/**
 * What went wrong:
 *
 * - `graph`: the graph cannot be written as ONNX
 * - `weights`: a weight is missing, or its bytes do not fit what the graph was traced with
 * - `file`: a file could not be written
 * - `runtime`: no ONNX Runtime could be loaded
 * - `session`: ONNX Runtime refused a model, or failed while running it
 * - `input`: a value handed to a program does not fit
 * - `disposed`: something was used after it was disposed of
 */
export type OnnxErrorCode =
  | 'graph'
  | 'weights'
  | 'file'
  | 'runtime'
  | 'session'
  | 'input'
  | 'disposed';

/** Thrown by everything in this package. The message says what was got, what was wanted and the fix. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
  readonly code: OnnxErrorCode;

  constructor(code: OnnxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The message of whatever was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
