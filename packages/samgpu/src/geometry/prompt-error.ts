/**
 * What is wrong with a prompt.
 *
 * - `not-finite`: a coordinate or side is NaN, infinite or no number at all
 * - `outside-image`: a point, or a whole box, lies beside the image
 * - `no-area`: a box whose width or height is zero or negative
 * - `unknown-label`: a point label other than `'include'` or `'exclude'`
 */
export type PromptErrorCode = 'not-finite' | 'outside-image' | 'no-area' | 'unknown-label';

/** A prompt that cannot be used. The message names the value, the image size and the fix. */
export class PromptError extends Error {
  override readonly name = 'PromptError';
  readonly code: PromptErrorCode;

  constructor(code: PromptErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
