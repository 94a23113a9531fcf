/**
 * What went wrong with a video.
 *
 * - `unsupported-source`: a value that is no video on this platform
 * - `not-found`, `unreadable`: the file or folder gives nothing
 * - `no-frames`: a file without a video track, a folder without images
 * - `undecodable`: a file that is no video, is damaged, or is of a kind that is not decoded here
 * - `missing-decoder`: what decodes videos is not there: FFmpeg in Node, mediabunny or WebCodecs in browsers
 * - `frame-gone`: a frame of a camera that has passed
 * - `closed`: a video that was closed
 */
export type VideoErrorCode =
  | 'unsupported-source'
  | 'not-found'
  | 'unreadable'
  | 'no-frames'
  | 'undecodable'
  | 'missing-decoder'
  | 'frame-gone'
  | 'closed';

/** A video could not be read. The message names it, what was found and what to do. */
export class VideoError extends Error {
  override readonly name = 'VideoError';
  readonly code: VideoErrorCode;

  constructor(code: VideoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What to tell where the program `ffmpeg` is wanted and is not on PATH. */
export function missingFfmpeg(options?: ErrorOptions): VideoError {
  return new VideoError(
    'missing-decoder',
    'Videos need FFmpeg in Node, and there is no program ffmpeg on PATH. Install it (Debian and Ubuntu: ' +
      'apt-get install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or give a ' +
      'folder of images.',
    options,
  );
}
