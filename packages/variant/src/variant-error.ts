/**
 * What a variant refuses.
 *
 * - `unknown-weights`: the tensors are named in none of the ways that the variant knows
 * - `wrong-weights`: the names are right, but a tensor has another shape
 * - `unknown-answer`: the variant does not answer in the way that was asked for
 */
export type VariantErrorCode = 'unknown-weights' | 'wrong-weights' | 'unknown-answer';

/** A variant was given what is not its own. The message says what was got and what was wanted. */
export class VariantError extends Error {
  override readonly name = 'VariantError';
  readonly code: VariantErrorCode;

  constructor(code: VariantErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
