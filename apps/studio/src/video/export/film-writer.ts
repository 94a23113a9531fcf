import type * as Mediabunny from 'mediabunny';
import type { RgbaImage, Size } from '@samgpu/mask';

import { FilmSound } from './film-sound.ts';
import { TransparentFilm, transparentConfig } from './transparent-film.ts';

export interface FilmOptions extends Size {
  /** On average. */
  readonly frameRate: number;
  readonly isTransparent: boolean;
}

/** Encoders want even sides; what is odd loses a row or column. */
function evenSize({ width, height }: Size): Size {
  return { width: Math.max(2, width - (width % 2)), height: Math.max(2, height - (height % 2)) };
}

/** Whether this browser writes such a film: WebM with VP9, which carries transparency, too. */
export async function canWriteFilm({
  frameRate,
  isTransparent,
  ...size
}: FilmOptions): Promise<boolean> {
  if (!('VideoEncoder' in globalThis)) return false;
  if (isTransparent) {
    const config = transparentConfig(evenSize(size), frameRate);
    const { supported } = await VideoEncoder.isConfigSupported(config);
    return supported === true;
  }
  const { canEncodeVideo } = await import('mediabunny');
  return canEncodeVideo('vp9', { ...evenSize(size), frameRate });
}

/** What takes frames one after another. */
interface FrameSink {
  add(image: RgbaImage, time: number, duration: number): Promise<void>;
  /** All frames were added. */
  finish(): Promise<void>;
  close(): void;
}

/** Writes frames to a WebM file; of what was written only the encoded part is in memory. */
export class FilmWriter {
  readonly #output: Mediabunny.Output<Mediabunny.WebMOutputFormat, Mediabunny.BufferTarget>;
  readonly #sink: FrameSink;
  readonly #sound: FilmSound | undefined;
  #start = 0;
  /** Its duration is known with the next one. */
  #waiting: { readonly image: RgbaImage; readonly time: number } | undefined;

  private constructor(
    output: Mediabunny.Output<Mediabunny.WebMOutputFormat, Mediabunny.BufferTarget>,
    sink: FrameSink,
    sound: FilmSound | undefined,
  ) {
    this.#output = output;
    this.#sink = sink;
    this.#sound = sound;
  }

  /** @param file - that sound is taken from, where it has some that can be */
  static async open(
    { frameRate, isTransparent, ...given }: FilmOptions,
    file?: Blob,
  ): Promise<FilmWriter> {
    const library = await import('mediabunny');
    const size = evenSize(given);
    const output = new library.Output({
      format: new library.WebMOutputFormat(),
      target: new library.BufferTarget(),
    });
    let sink: FrameSink;
    if (isTransparent) {
      const source = new library.EncodedVideoPacketSource('vp9');
      output.addVideoTrack(source);
      sink = new TransparentFilm(library, source, size, frameRate);
    } else {
      const canvas = new OffscreenCanvas(size.width, size.height);
      const source = new library.CanvasSource(canvas, {
        codec: 'vp9',
        quality: library.QUALITY_HIGH,
      });
      output.addVideoTrack(source);
      sink = opaqueFilm(canvas, source);
    }
    const sound = file && (await FilmSound.addTo(output, file, library));
    await output.start();
    return new FilmWriter(output, sink, sound);
  }

  /** @param time - of the video, in seconds; the film begins with its first frame */
  async add(image: RgbaImage, time: number): Promise<void> {
    if (this.#waiting === undefined) {
      this.#start = time;
      this.#sound?.begin(time);
    }
    await this.#write(time);
    this.#waiting = { image, time };
  }

  /** @param end - of the last frame, in seconds of the video */
  async finish(end: number): Promise<Blob> {
    await this.#write(end);
    await this.#sink.finish();
    await this.#sound?.close();
    await this.#output.finalize();
    return new Blob([this.#output.target.buffer!], { type: 'video/webm' });
  }

  async cancel(): Promise<void> {
    this.#sink.close();
    await this.#sound?.close();
    await this.#output.cancel();
  }

  /** Writes the frame that waits, and what is heard with it. */
  async #write(end: number): Promise<void> {
    if (this.#waiting === undefined) return;
    const { image, time } = this.#waiting;
    await this.#sink.add(image, time - this.#start, end - time);
    await this.#sound?.upTo(end);
  }
}

function opaqueFilm(canvas: OffscreenCanvas, source: Mediabunny.CanvasSource): FrameSink {
  const context = canvas.getContext('2d', { alpha: false })!;
  return {
    async add({ width, height, data }, time, duration) {
      context.putImageData(new ImageData(data, width, height), 0, 0);
      await source.add(time, duration);
    },
    finish: () => Promise.resolve(),
    close: () => undefined,
  };
}
