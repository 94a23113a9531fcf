import type { ImagePreprocessing } from '@samgpu/variant';

import { assertPixelImage, type PixelImage } from '../image-source/pixel-image.ts';
import { Frame } from './frame.ts';
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
  const shrinks = Math.max(image.width, image.height) > rules.size;
  const method = shrinks ? rules.resample.shrink : rules.resample.enlarge;
  resizeRows(new SourceRows(image), frame.resized, method, normalizer(tensor, rules));
  return { tensor, frame };
}

// (value - mean) / std with each step rounded to f32, as PyTorch computes it. Methods on floats
// come with mean and std on their own scale, 0..1.
function normalizer(tensor: Float32Array, { size, mean, std }: ImagePreprocessing): RowSink {
  const levels = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, level) =>
      normalize(level, Math.fround(mean[channel]!), Math.fround(std[channel]!)),
    ),
  ) as [Float32Array, Float32Array, Float32Array];
  const unitMean = mean.map((value) => Math.fround(value / 255)) as [number, number, number];
  const unitStd = std.map((value) => Math.fround(value / 255)) as [number, number, number];
  return {
    bytes(row, y) {
      const [reds, greens, blues] = levels;
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
