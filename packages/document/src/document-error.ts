/**
 * What is wrong with a file, a document or what was asked of it.
 *
 * - `unknown-format`: content that is none of the formats that are read
 * - `damaged`: content that is cut off, contradicts itself or breaks its format
 * - `unsupported`: a well-formed file with something that is not read, such as a colour mode
 * - `too-large`: more pixels, bytes, objects or outline than the limits allow
 * - `wrong-picture`: objects of a file that belong to a picture of another size
 * - `no-objects`: nothing to write, or nothing in the file that could be an object
 * - `invalid-option`: an option outside of its range
 * - `invalid-document`: sizes or data in a document that do not fit together
 */
export type DocumentErrorCode =
  | 'unknown-format'
  | 'damaged'
  | 'unsupported'
  | 'too-large'
  | 'wrong-picture'
  | 'no-objects'
  | 'invalid-option'
  | 'invalid-document';

/** A file or a document that cannot be used. The message names what was got, what was wanted and the fix. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code: DocumentErrorCode;

  constructor(code: DocumentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
