/**
 * What is wrong with mask data.
 *
 * - `invalid-size`: sides that are not whole, not positive, or too large
 * - `size-mismatch`: data whose length or size does not fit the sides given with it
 * - `invalid-rle`: run lengths or a compressed string that describe no mask
 * - `invalid-option`: an option outside of its range
 * - `no-source`: pixels were asked for, but the mask does not know the picture
 * - `empty-mask`: an operation that needs at least one pixel of the object
 */
export type MaskErrorCode =
  | 'invalid-size'
  | 'size-mismatch'
  | 'invalid-rle'
  | 'invalid-option'
  | 'no-source'
  | 'empty-mask';

/** Mask data that cannot be used. The message names what was got, what was wanted and the fix. */
export class MaskError extends Error {
  override readonly name = 'MaskError';
  readonly code: MaskErrorCode;

  constructor(code: MaskErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
