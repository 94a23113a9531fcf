/**
 * What a segmenter cannot do.
 *
 * - `backend-unavailable`: the backend that was asked for does not run here
 * - `weights-needed`: the user has to bring the weights of this model
 * - `unsupported-prompt`: the model does not understand this kind of prompt
 * - `empty-prompt`: a prompt with neither points nor box nor mask
 * - `too-many-points`: more points than one prompt may have
 * - `wrong-mask`: a previous mask that does not belong to this image
 * - `no-device`: something that needs a GPU, where the model runs on the CPU
 * - `pixels-on-device`: pixels of a texture that were not read back from the GPU yet
 * - `pixels-lost`: pixels that were on a GPU device only, which was lost
 * - `invalid-option`: an option outside of its range, or one that contradicts another
 * - `disposed`: it, or the image, was disposed of before
 */
export type SegmenterErrorCode =
  | 'backend-unavailable'
  | 'weights-needed'
  | 'unsupported-prompt'
  | 'empty-prompt'
  | 'too-many-points'
  | 'wrong-mask'
  | 'no-device'
  | 'pixels-on-device'
  | 'pixels-lost'
  | 'invalid-option'
  | 'disposed';

/** A segmenter was asked for something that it cannot do. The message says what was wanted instead. */
export class SegmenterError extends Error {
  override readonly name = 'SegmenterError';
  readonly code: SegmenterErrorCode;

  constructor(code: SegmenterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
