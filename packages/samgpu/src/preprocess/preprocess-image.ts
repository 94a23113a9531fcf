import type { ImagePreprocessing, ResampleMethod } from '@samgpu/variant';

import { assertPixelImage, type PixelImage } from '../image-source/pixel-image.ts';
import { Frame, type ImageSize } from './frame.ts';
import { resizeRows, type RowSink } from './resize.ts';
import { SourceRows } from './source-rows.ts';

/** What an image encoder takes, and where the image lies in it. */
export interface PreprocessedImage {
  /** `[1, size, size, 3]`, normalised; zero right of and below the image. */
  readonly tensor: Float32Array;
  readonly frame: Frame;
}

/**
 * Resizes, normalises and pads an image for a network, as the official code of its family does.
 *
 * Transparent pixels are composited over white first. The image is read row by row, so besides the
 * tensor only a few rows are allocated.
 *
 * @throws ImageError if the data of the image does not fit its shape.
 */
export function preprocessImage(image: PixelImage, rules: ImagePreprocessing): PreprocessedImage {
  assertPixelImage(image);
  const frame = new Frame(image, rules);
  const tensor = new Float32Array(rules.size * rules.size * 3);
  const method = methodFor(image, rules);
  resizeRows(new SourceRows(image), frame.resized, method, normalizer(tensor, rules));
  return { tensor, frame };
}

/** How an image of this size is resampled. */
export function methodFor(
  { width, height }: ImageSize,
  { size, resample }: ImagePreprocessing,
): ResampleMethod {
  return Math.max(width, height) > size ? resample.shrink : resample.enlarge;
}

/**
 * Each level from 0 to 255 of red, green and blue, normalised, `[3, 256]`: (level - mean) / std with
 * each step rounded to f32, as PyTorch computes it.
 */
export function normalizedLevels({ mean, std }: ImagePreprocessing): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 3 * 256 }, (_, index) => {
    const channel = Math.floor(index / 256);
    return normalize(index % 256, Math.fround(mean[channel]!), Math.fround(std[channel]!));
  });
}

// Methods on floats come with mean and std on their own scale, 0..1.
function normalizer(tensor: Float32Array, rules: ImagePreprocessing): RowSink {
  const { size, mean, std } = rules;
  const levels = normalizedLevels(rules);
  const [reds, greens, blues] = [0, 256, 512].map((start) =>
    levels.subarray(start, start + 256),
  ) as [Float32Array, Float32Array, Float32Array];
  const unitMean = mean.map((value) => Math.fround(value / 255)) as [number, number, number];
  const unitStd = std.map((value) => Math.fround(value / 255)) as [number, number, number];
  return {
    bytes(row, y) {
      const start = y * size * 3;
      for (let i = 0; i < row.length; i += 3) {
        tensor[start + i] = reds[row[i]!]!;
        tensor[start + i + 1] = greens[row[i + 1]!]!;
        tensor[start + i + 2] = blues[row[i + 2]!]!;
      }
    },
    floats(row, y) {
      const start = y * size * 3;
      for (let i = 0; i < row.length; i += 3) {
        tensor[start + i] = normalize(row[i]!, unitMean[0], unitStd[0]);
        tensor[start + i + 1] = normalize(row[i + 1]!, unitMean[1], unitStd[1]);
        tensor[start + i + 2] = normalize(row[i + 2]!, unitMean[2], unitStd[2]);
      }
    },
  };
}

function normalize(value: number, mean: number, std: number): number {
  return Math.fround(Math.fround(value - mean) / std);
}
