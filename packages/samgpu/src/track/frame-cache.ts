import { disposeValues } from '@samgpu/graph';
import type { Size } from '@samgpu/mask';

import type { FrameFeatures } from './tracking-programs.ts';
import { TrackError } from './track-error.ts';

/** A frame after the encoder. */
export interface EncodedFrame {
  readonly features: FrameFeatures;
  readonly size: Size;
}

/** Encodes a frame. @throws TrackError `no-such-frame` or `frame-gone` */
export type EncodeFrame = (frame: number, signal?: AbortSignal) => Promise<EncodedFrame>;

/** Frames after the encoder: the latest few, so that going back to one is quick. */
export class FrameCache {
  readonly #encode: EncodeFrame;
  readonly #capacity: number;
  /** In order of use, the latest last. */
  readonly #frames = new Map<number, EncodedFrame>();
  #size: Size | undefined;

  constructor(encode: EncodeFrame, capacity: number) {
    this.#encode = encode;
    this.#capacity = capacity;
  }

  /** Of all frames, known from the first one on. */
  get size(): Size | undefined {
    return this.#size;
  }

  /** Says which size frames have, before the first one is there. */
  expect(size: Size | undefined): void {
    this.#size ??= size;
  }

  has(frame: number): boolean {
    return this.#frames.has(frame);
  }

  /** @throws TrackError `frame-size` for one that is not like the first */
  async get(frame: number, signal?: AbortSignal): Promise<EncodedFrame> {
    const known = this.#frames.get(frame);
    if (known !== undefined) {
      this.#frames.delete(frame);
      this.#frames.set(frame, known);
      return known;
    }
    const encoded = await this.#encode(frame, signal);
    this.#size ??= encoded.size;
    const { width, height } = this.#size;
    if (encoded.size.width !== width || encoded.size.height !== height) {
      disposeValues(encoded.features);
      throw new TrackError(
        'frame-size',
        `frame ${frame} is ${encoded.size.width}x${encoded.size.height}, wanted ${width}x${height} as the ` +
          'first one was; resize frames before, or track each size by itself',
      );
    }
    this.#frames.set(frame, encoded);
    for (const [oldest, stale] of this.#frames) {
      if (this.#frames.size <= this.#capacity) break;
      this.#frames.delete(oldest);
      disposeValues(stale.features);
    }
    return encoded;
  }

  get bytes(): number {
    return [...this.#frames.values()]
      .flatMap(({ features }) => Object.values(features))
      .reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Forgets all frames; they can be asked for again. */
  clear(): void {
    for (const { features } of this.#frames.values()) {
      disposeValues(features);
    }
    this.#frames.clear();
  }
}
