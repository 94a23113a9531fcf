/**
 * What is wrong with writing.
 *
 * - `not-writable`: the output folder cannot be made or written to
 * - `write-failed`: one file could not be written, for example because the disk is full
 * - `would-overwrite`: the file is one of the pictures, or was written for another one
 * - `empty-mask`: a cropped cutout of nothing
 */
export type OutputErrorCode = 'not-writable' | 'write-failed' | 'would-overwrite' | 'empty-mask';

/** An output that cannot be written. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code: OutputErrorCode;

  constructor(code: OutputErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
