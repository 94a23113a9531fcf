/**
 * What went wrong with an image.
 *
 * - `unsupported-source`: a value that is no image source on this platform.
 * - `not-found`, `unreadable`: the file, response or canvas gives no bytes.
 * - `empty`: zero bytes, or zero width or height.
 * - `unsupported-format`: bytes that are no image, or an image of a kind that is not read.
 * - `corrupt`: an image that ends early or whose data is damaged.
 * - `too-large`: more pixels than `maxPixels`.
 * - `invalid-pixels`: raw pixels whose data does not fit their width, height and channels.
 * - `missing-decoder`: `sharp` is not installed (Node only).
 */
export type ImageErrorCode =
  | 'unsupported-source'
  | 'not-found'
  | 'unreadable'
  | 'empty'
  | 'unsupported-format'
  | 'corrupt'
  | 'too-large'
  | 'invalid-pixels'
  | 'missing-decoder';

/** An image could not be read. The message names the image, what was found and what to do. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
