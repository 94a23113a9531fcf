/**
 * What is wrong with something given as a picture.
 *
 * - `no-pictures`: a folder without image files
 * - `unreadable`: a folder that cannot be listed
 * - `no-prompt`: the prompts file says nothing about this picture
 * - `mask-size`: a mask to start from that does not have the size of the picture
 * - `mask-format`: a mask to start from that is neither a picture nor run lengths
 */
export type InputErrorCode =
  | 'no-pictures'
  | 'unreadable'
  | 'no-prompt'
  | 'mask-size'
  | 'mask-format';

/** An input that cannot be used. The others of the same batch are not concerned. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
