import { type ResamplingTaps, tapCount } from './image-kernel.ts';
import type { OverlayKernelOptions } from './overlay.ts';
import type {
  ResampleArithmetic,
  ResampleColumnsOptions,
  ResampleRowsOptions,
} from './resample.ts';
import type { ThresholdMaskOptions } from './threshold-mask.ts';

function clampLevel(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** OpenCV's areas are defined by their rounding. */
function added(sum: number, product: number, arithmetic: ResampleArithmetic): number {
  return arithmetic === 'opencv-area' ? Math.fround(sum + Math.fround(product)) : sum + product;
}

/** [height, outWidth, 3]: whole numbers, or in float64. */
export function resampleColumnsReference(
  pixels: Uint8Array,
  taps: ResamplingTaps,
  options: ResampleColumnsOptions,
): Float64Array {
  const { width, height, rowPitch = width, channels = 4, outWidth, arithmetic } = options;
  const samples = new Float64Array(height * outWidth * 3);
  for (let target = 0; target < samples.length; target++) {
    const channel = target % 3;
    const column = Math.floor(target / 3) % outWidth;
    const row = Math.floor(target / (3 * outWidth));
    let sum = 0;
    for (let tap = 0; tap < tapCount(taps); tap++) {
      const source = Math.min(Math.max(taps.first[column]! + tap, 0), width - 1);
      const pixel = (row * rowPitch + source) * channels;
      const alpha = channels === 4 ? pixels[pixel + 3]! : 255;
      const over = pixels[pixel + channel]! * alpha + 255 * (255 - alpha);
      const product = Math.floor((over + 127) / 255) * taps.weights[column * tapCount(taps) + tap]!;
      sum = added(sum, product, arithmetic);
    }
    samples[target] =
      arithmetic === 'fixed-point' ? clampLevel(Math.floor((sum + 2 ** 21) / 2 ** 22)) : sum;
  }
  return samples;
}

/** [size, size, 3] in float64, from whole samples or samples in float64. */
export function resampleRowsReference(
  samples: Float64Array,
  taps: ResamplingTaps,
  options: ResampleRowsOptions,
): Float64Array {
  const { height, outWidth, outHeight, size, arithmetic, block = [1, 1] } = options;
  const result = new Float64Array(size * size * 3);
  for (let row = 0; row < outHeight; row++) {
    for (let i = 0; i < outWidth * 3; i++) {
      const count = tapCount(taps);
      let level = 0;
      for (let tap = 0; tap < count; tap++) {
        const source = Math.min(Math.max(taps.first[row]! + tap, 0), height - 1);
        const sample = samples[source * outWidth * 3 + i]!;
        const weight = taps.weights[row * count + tap]!;
        const product =
          arithmetic === 'opencv-linear'
            ? Math.floor((weight * Math.floor(sample / 16)) / 65536)
            : sample * weight;
        level = added(level, product, arithmetic);
      }
      if (arithmetic === 'fixed-point') level = Math.floor((level + 2 ** 21) / 2 ** 22);
      if (arithmetic === 'opencv-linear') level = Math.floor((level + 2) / 4);
      if (arithmetic === 'opencv-blocks') {
        const mean = Math.fround(level * Math.fround(1 / (block[0] * block[1])));
        const isTwoByTwo = block[0] === 2 && block[1] === 2;
        level = isTwoByTwo ? Math.floor((level + 2) / 4) : roundHalfEven(mean);
      }
      if (arithmetic === 'opencv-area') level = roundHalfEven(level);
      if (arithmetic !== 'float') level = clampLevel(level);
      const channel = i % 3;
      result[row * size * 3 + i] = (level - options.mean[channel]!) / options.deviation[channel]!;
    }
  }
  return result;
}

/** The logits of one mask at the size of the photograph, in float64. */
export function enlargedReference(
  logits: ArrayLike<number>,
  rows: ResamplingTaps,
  columns: ResamplingTaps,
  { width, outHeight, outWidth }: ThresholdMaskOptions,
): Float64Array {
  const result = new Float64Array(outHeight * outWidth);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      for (let i = 0; i < tapCount(rows); i++) {
        for (let j = 0; j < tapCount(columns); j++) {
          const source = (rows.first[y]! + i) * width + columns.first[x]! + j;
          const weight =
            rows.weights[y * tapCount(rows) + i]! * columns.weights[x * tapCount(columns) + j]!;
          result[y * outWidth + x]! += weight * logits[source]!;
        }
      }
    }
  }
  return result;
}

/** RGBA of the photograph, without pitches, with a mask of 0 and 1 tinted and outlined. */
export function overlayReference(
  rgba: Uint8Array,
  mask: Uint8Array,
  options: OverlayKernelOptions,
): Uint8ClampedArray {
  const { width, height, color, opacity, outlineWidth = 0, outlineColor = color } = options;
  const result = Uint8ClampedArray.from(rgba);
  const insideAt = (x: number, y: number): number | undefined =>
    x < 0 || y < 0 || x >= width || y >= height ? undefined : mask[y * width + x];
  const isEdge = (x: number, y: number): boolean =>
    insideAt(x, y) === 1 &&
    [insideAt(x - 1, y), insideAt(x + 1, y), insideAt(x, y - 1), insideAt(x, y + 1)].includes(0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      if (insideAt(x, y) === 1) {
        const below = (rgba[at + 3]! / 255) * (1 - opacity);
        const alpha = opacity + below;
        const share = alpha > 0 ? opacity / alpha : 0;
        for (let channel = 0; channel < 3; channel++) {
          const level = rgba[at + channel]!;
          result[at + channel] = level + (color[channel]! - level) * share;
        }
        result[at + 3] = alpha * 255;
      }
      const reach = outlineWidth > 0 ? Math.floor(outlineWidth / 2) : -1;
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          const isNear = dx * dx + dy * dy <= (outlineWidth / 2) ** 2;
          if (isNear && isEdge(x + dx, y + dy)) result.set([...outlineColor, 255], at);
        }
      }
    }
  }
  return result;
}
