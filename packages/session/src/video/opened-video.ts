import type { Size } from '@samgpu/mask';
import { type ImageInput, readImage, type Video } from 'samgpu';

import { SessionError } from '../session-error.ts';
import type { TrackVideo } from './track-link.ts';

/** A video that can be opened as often as it is read by somebody. */
export interface VideoSource {
  readonly name: string;
  /** @throws VideoError */
  open(signal?: AbortSignal): Promise<Video>;
}

/** A video as tracks read it: by a decoder of its own, which showing other frames does not move. */
export class OpenedVideo implements TrackVideo {
  readonly source: VideoSource;
  readonly first: Video;
  readonly width: number;
  readonly height: number;
  #tracked: Promise<Video> | null = null;
  #closed = false;

  private constructor(source: VideoSource, first: Video, { width, height }: Size) {
    this.source = source;
    this.first = first;
    this.width = width;
    this.height = height;
  }

  /** @throws VideoError, ImageError, SessionError `no-image` */
  static async open(source: VideoSource, signal: AbortSignal): Promise<OpenedVideo> {
    const video = await source.open(signal);
    try {
      const image = await video.read(0, signal);
      if (image === undefined) {
        throw new SessionError('no-image', `${source.name} has no frames; open another video`);
      }
      return new OpenedVideo(source, video, await sizeOf(image, signal));
    } catch (error) {
      video.close();
      throw error;
    }
  }

  /** What is sure of the number of frames. */
  get count(): number | undefined {
    return this.first.count;
  }

  async read(frame: number, signal: AbortSignal): Promise<ImageInput> {
    const image = await this.find(frame, signal);
    if (image !== undefined) return image;
    throw new SessionError('no-image', `${this.source.name} has no frame ${frame}; go back`);
  }

  /** @returns undefined past the end */
  async find(frame: number, signal: AbortSignal): Promise<ImageInput | undefined> {
    this.#tracked ??= this.source.open();
    const video = await this.#tracked;
    if (this.#closed) throw new SessionError('cancelled', 'another video was opened');
    return video.read(frame, signal);
  }

  close(): void {
    this.#closed = true;
    this.first.close();
    this.#tracked?.then(
      (video) => video.close(),
      () => undefined,
    );
  }
}

async function sizeOf(image: ImageInput, signal: AbortSignal): Promise<Size> {
  if (typeof image === 'object' && 'displayWidth' in image) {
    return { width: image.displayWidth, height: image.displayHeight };
  }
  if (typeof image === 'object' && 'width' in image && 'height' in image) {
    const { width, height } = image;
    if (typeof width === 'number' && typeof height === 'number') return { width, height };
  }
  const { width, height } = await readImage(image, { signal });
  return { width, height };
}
