import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { VideoInput } from './frame-source.ts';
import { compareNames, isImageName } from './natural-order.ts';
import { countFew, probeVideo } from './probe-video.ts';
import { SeekableFrames } from './seekable-frames.ts';
import type { Video, VideoOptions } from './video.ts';
import { FfmpegRun, findFfmpeg } from './video-decoder.ts';
import { VideoError } from './video-error.ts';

/** Opens a video file or a folder of images. @throws VideoError */
export async function openVideo(input: VideoInput, { signal }: VideoOptions = {}): Promise<Video> {
  signal?.throwIfAborted();
  const path = pathOf(input);
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
      ? new VideoError('not-found', `There is no video ${path}.`, { cause })
      : new VideoError('unreadable', `${path} cannot be read (${cause.code}).`, { cause });
  });
  return found.isDirectory() ? openFolder(path) : openFile(path, signal);
}

function pathOf(input: VideoInput): string {
  const text = typeof input === 'string' ? input : input instanceof URL ? input.href : undefined;
  if (text?.startsWith('file:')) return fileURLToPath(text);
  // A drive letter is no scheme, so a scheme has at least two characters.
  if (text === undefined || /^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    const what = text ?? `a ${Object.prototype.toString.call(input).slice('[object '.length, -1)}`;
    throw new VideoError(
      'unsupported-source',
      `In Node a video is the path of a file or of a folder of images, not ${what.slice(0, 200)}; ` +
        'download or write it to a file first.',
    );
  }
  return text;
}

async function openFolder(folder: string): Promise<Video> {
  const names = (await readdir(folder)).filter(isImageName).sort(compareNames);
  if (names.length === 0) {
    throw new VideoError('no-frames', `The folder ${folder} holds no images, and so no frames.`);
  }
  const close = (): void => undefined;
  return {
    count: names.length,
    expectedCount: names.length,
    frameRate: undefined,
    names,
    read(frame) {
      const name = names[frame];
      return name === undefined ? undefined : join(folder, name);
    },
    close,
    [Symbol.dispose]: close,
  };
}

async function openFile(path: string, signal: AbortSignal | undefined): Promise<Video> {
  const once = await findFfmpeg(signal);
  const [count, facts] = await Promise.all([
    countFew(path, once, signal),
    probeVideo(path, signal),
  ]);
  const frames = new SeekableFrames(path, (start) => new FfmpegRun(path, once, start));
  const close = (): void => frames.close();
  return {
    count,
    expectedCount: count ?? facts.frames,
    frameRate: facts.frameRate,
    read: (frame, signal) => frames.read(frame, signal),
    timeOf: (frame) => frames.timeOf(frame),
    close,
    [Symbol.dispose]: close,
  };
}
