import type { VideoInput } from './frame-source.ts';
import type { Video, VideoOptions } from './video.ts';
import { VideoError } from './video-error.ts';

/** @throws VideoError */
export async function openVideo(_input: VideoInput, _options: VideoOptions = {}): Promise<Video> {
  throw new VideoError(
    'unsupported-source',
    'Videos are not opened in browsers yet; give images, or a stream of them.',
  );
}
