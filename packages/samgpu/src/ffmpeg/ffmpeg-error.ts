/**
 * What went wrong with a video that FFmpeg decodes.
 *
 * - `ffmpeg-missing`: there is no such program
 * - `not-a-video`: a file that is not there, or that FFmpeg finds no picture in
 * - `broken-video`: a video that cannot be decoded to its end; the frames before are fine
 */
export type FfmpegErrorCode = 'ffmpeg-missing' | 'not-a-video' | 'broken-video';

export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  readonly code: FfmpegErrorCode;

  constructor(code: FfmpegErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
