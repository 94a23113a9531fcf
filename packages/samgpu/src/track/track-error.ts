/**
 * What a track cannot do.
 *
 * - `not-a-tracker`: the model does not follow objects through videos
 * - `no-frames`: there is no frame at all
 * - `no-such-frame`: a frame that the video does not have
 * - `frame-gone`: a frame of a stream that was not kept
 * - `frame-size`: a frame of another size than the first
 * - `unknown-object`: an object that was never added, or was removed
 * - `no-prompt`: nothing says what is to be tracked
 * - `wrong-prompt`: a prompt that means nothing here
 * - `saved-state`: bytes that are no saved track, or are of another model or video
 * - `busy`: a call while the track is at work
 * - `disposed`: a track that was disposed of
 */
export type TrackErrorCode =
  | 'not-a-tracker'
  | 'no-frames'
  | 'no-such-frame'
  | 'frame-gone'
  | 'frame-size'
  | 'unknown-object'
  | 'no-prompt'
  | 'wrong-prompt'
  | 'saved-state'
  | 'busy'
  | 'disposed';

export class TrackError extends Error {
  override readonly name = 'TrackError';
  readonly code: TrackErrorCode;

  constructor(code: TrackErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
