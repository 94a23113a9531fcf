import {
  type Box,
  type CropBox,
  coverageOf,
  type RelativePoint,
  type Rle,
  type Size,
} from '@samgpu/mask';

import type { PixelImage } from '../image-source/index.ts';
import type { EverythingProgress } from './everything-options.ts';
export { everythingSettings } from './everything-settings.ts';
import type { EverythingSettings } from './everything-settings.ts';
import type { Candidate } from './found-mask.ts';
import { type ScannedImage, scanImage, type ScanTimes } from './scan-image.ts';
import { isDuplicate, selectCandidates } from './select-candidates.ts';

/** An encoded picture that can encode parts of itself. */
export interface EverythingImage extends ScannedImage {
  readonly source: {
    /** @throws SegmenterError `pixels-on-device` */
    readonly pixels: PixelImage;
    /** Brings the pixels here, if they are on a device. */
    read(): Promise<PixelImage>;
  };
  /** Encodes other pixels with the same model. */
  encode(pixels: PixelImage, signal: AbortSignal): Promise<ScannedImage & { dispose(): void }>;
}

/** Where the time went, in milliseconds. */
export interface EverythingTimings {
  /** Parts of the picture through the encoder; 0 without crops. */
  readonly encode: number;
  /** Waiting for the decoder. */
  readonly decode: number;
  /** Filters, and logits to masks at the size of the picture. */
  readonly masks: number;
}

/** How a search is observed. */
export interface EverythingObserver {
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: EverythingProgress) => void) | undefined;
  /** An object that was not found before. A better mask of it may be found later. */
  readonly onFirst: (candidate: Candidate) => void;
}

/** Finds all objects of a picture, as the official automatic mask generator does. */
export class EverythingSearch {
  readonly #image: EverythingImage;
  readonly #settings: EverythingSettings;
  readonly #observer: EverythingObserver;
  /** By part of the picture, in the order in which they were found. */
  readonly #candidates: Candidate[][];
  readonly #firsts: Candidate[] = [];
  readonly #times: ScanTimes & { encode: number } = { encode: 0, decode: 0, masks: 0 };
  #points = 0;
  #total: number;

  constructor(image: EverythingImage, settings: EverythingSettings, observer: EverythingObserver) {
    this.#image = image;
    this.#settings = settings;
    this.#observer = observer;
    this.#candidates = settings.crops.map(() => []);
    const sizes = settings.crops.map(({ layer }) => settings.grids[layer]!.length);
    this.#total = sizes.reduce((sum, size) => sum + size, 0);
  }

  /** The masks of what was found so far, without duplicates. */
  select(): Candidate[] {
    return selectCandidates(this.#candidates, this.#settings);
  }

  get timings(): EverythingTimings {
    return { ...this.#times };
  }

  /** @throws the signal's reason, and whatever the model throws */
  async run(): Promise<void> {
    const { crops, grids, secondGrid } = this.#settings;
    this.#report(0);
    for (const [i, crop] of crops.entries()) {
      this.#observer.signal.throwIfAborted();
      const points = grids[crop.layer]!;
      if (i === 0) await this.#scan(this.#image, 0, points);
      else await this.#scanCrop(crop, i, points);
    }
    if (secondGrid !== undefined) {
      const points = this.#uncovered(secondGrid);
      this.#total += points.length;
      await this.#scan(this.#image, 0, points);
    }
  }

  async #scanCrop(crop: CropBox, index: number, points: readonly RelativePoint[]): Promise<void> {
    const start = performance.now();
    const pixels = cropPixels(await this.#image.source.read(), crop);
    const target = await this.#image.encode(pixels, this.#observer.signal);
    this.#times.encode += performance.now() - start;
    try {
      await this.#scan(target, index, points);
    } finally {
      target.dispose();
    }
  }

  async #scan(
    target: ScannedImage,
    index: number,
    points: readonly RelativePoint[],
  ): Promise<void> {
    const scan = scanImage({
      target,
      crop: this.#settings.crops[index]!,
      image: this.#size,
      points,
      settings: this.#settings,
      signal: this.#observer.signal,
      times: this.#times,
    });
    for await (const batch of scan) {
      this.#points += batch.points;
      for (const candidate of batch.candidates) this.#add(candidate, index);
      this.#report(index);
    }
  }

  #add(candidate: Candidate, index: number): void {
    this.#candidates[index]!.push(candidate);
    if (isDuplicate(candidate, this.#firsts, this.#settings)) return;
    this.#firsts.push(candidate);
    this.#observer.onFirst(candidate);
  }

  #uncovered(grid: readonly RelativePoint[]): RelativePoint[] {
    const { width, height } = this.#size;
    const rles: Rle[] = this.select().map(({ rle }) => rle);
    const { counts } = coverageOf(rles, this.#size);
    return grid.filter(({ x, y }) => {
      const column = Math.min(width - 1, Math.floor(x * width));
      const row = Math.min(height - 1, Math.floor(y * height));
      return counts[row * width + column] === 0;
    });
  }

  #report(index: number): void {
    this.#observer.onProgress?.({
      points: this.#points,
      total: this.#total,
      found: this.#firsts.length,
      crop: index + 1,
      crops: this.#candidates.length,
    });
  }

  get #size(): Size {
    return this.#image.frame.original;
  }
}

/** The pixels of a part of a picture, copied. */
function cropPixels({ width, channels, data }: PixelImage, crop: Box): PixelImage {
  const row = crop.width * channels;
  const result = new Uint8Array(row * crop.height);
  for (let y = 0; y < crop.height; y++) {
    const from = ((crop.y + y) * width + crop.x) * channels;
    result.set(data.subarray(from, from + row), y * row);
  }
  return { width: crop.width, height: crop.height, channels, data: result };
}
