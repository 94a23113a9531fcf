/**
 * What went wrong with clipboard or storage. What is wrong with a file is a `DocumentError`.
 *
 * - `clipboard-missing`: this page or browser has none
 * - `clipboard-denied`: the person or the page around this one does not allow it
 * - `in-use`: the project is open in another tab
 * - `missing`: there is no such project, or nothing whole of it is left
 * - `no-space`: the browser gives no more room
 * - `storage-failed`: the storage of the browser does not work
 */
export type FilesErrorCode =
  | 'clipboard-missing'
  | 'clipboard-denied'
  | 'in-use'
  | 'missing'
  | 'no-space'
  | 'storage-failed';

/** Clipboard or storage did not do what was asked. */
export class FilesError extends Error {
  override readonly name = 'FilesError';
  readonly code: FilesErrorCode;

  constructor(code: FilesErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
