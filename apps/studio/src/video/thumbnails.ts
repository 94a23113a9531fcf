import { openVideo } from 'samgpu';

import { Store } from '../state/store.ts';
import type { VideoFile } from './video-file.ts';

/** Small pictures along a video, the first at its start and the last at its end. */
export type Thumbnails = readonly (CanvasImageSource | undefined)[];

/** CSS pixels; twice as many are drawn. */
export const THUMBNAIL_HEIGHT = 44;
const HEIGHT = 2 * THUMBNAIL_HEIGHT;

/** Makes them while somebody looks, from the first to the last; those who fail stay away. */
export class ThumbnailStore extends Store<Thumbnails> {
  #stop = new AbortController();

  constructor() {
    super([]);
  }

  /** @param count - of the thumbnails @param frames - of the video */
  async make(file: VideoFile, count: number, frames: number): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.set(Array.from({ length: count }, () => undefined));
    const at = (index: number): number => (count === 1 ? 0 : index / (count - 1));
    try {
      if (file.input instanceof Blob) await this.#fromFile(file.input, count, at, signal);
      else {
        const frameOf = (index: number): number => Math.round(at(index) * (frames - 1));
        await this.#fromImages(file, count, frameOf, signal);
      }
    } catch (error) {
      // The stage says what is wrong with a video that cannot be read.
      if (!signal.aborted) console.warn(error);
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** By time, which decoders find without going through all that lies before. */
  async #fromFile(
    file: Blob,
    count: number,
    at: (index: number) => number,
    signal: AbortSignal,
  ): Promise<void> {
    const { BlobSource, CanvasSink, Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } =
      await import('mediabunny');
    using input = new Input({
      formats: [MP4, QTFF, WEBM, MATROSKA, MPEG_TS],
      source: new BlobSource(file),
    });
    const track = await input.getPrimaryVideoTrack();
    if (track === null) return;
    const start = await track.getFirstTimestamp();
    const end = await track.computeDuration();
    const sink = new CanvasSink(track, { height: HEIGHT });
    const times = Array.from({ length: count }, (_, index) => {
      // Nothing is shown any more at the very end.
      return start + at(index) * Math.max(0, end - start) * 0.999;
    });
    let index = 0;
    for await (const wrapped of sink.canvasesAtTimestamps(times)) {
      if (signal.aborted) return;
      this.#put(index, wrapped?.canvas);
      index += 1;
    }
  }

  async #fromImages(
    { input }: VideoFile,
    count: number,
    frameOf: (index: number) => number,
    signal: AbortSignal,
  ): Promise<void> {
    using video = await openVideo(input, { signal });
    for (let index = 0; index < count; index++) {
      const image = await video.read(frameOf(index), signal);
      if (signal.aborted) return;
      if (!(image instanceof Blob)) continue;
      this.#put(index, await createImageBitmap(image, { resizeHeight: HEIGHT }));
    }
  }

  #put(index: number, picture: CanvasImageSource | undefined): void {
    this.update((pictures) => pictures.with(index, picture));
  }
}
