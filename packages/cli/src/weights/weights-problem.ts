/**
 * What is wrong with a checkpoint as far as the command can tell.
 *
 * - `unknown-model`: its tensors are those of no model that comes with the command
 * - `ambiguous-model`: they are those of several
 */
export type WeightsProblemCode = 'unknown-model' | 'ambiguous-model';

/** A checkpoint that cannot be used. */
export class WeightsProblem extends Error {
  override readonly name = 'WeightsProblem';
  readonly code: WeightsProblemCode;

  constructor(code: WeightsProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
