import type { ImagePreprocessing } from '@samgpu/variant';

/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

type FrameRules = Pick<ImagePreprocessing, 'size' | 'fit' | 'rounding' | 'coordinates'>;

/** Where an image lies in the square input of a network: at the top left, resized. */
export class Frame {
  /** Side of the square. */
  readonly size: number;
  /** The image as it was given. */
  readonly original: ImageSize;
  /** The part of the square that the image covers. The rest, right and below, is zero. */
  readonly resized: ImageSize;
  /** Pixels of the square per pixel of the image, as prompts are scaled. */
  readonly scale: { readonly x: number; readonly y: number };
  readonly coordinates: ImagePreprocessing['coordinates'];

  constructor(original: ImageSize, rules: FrameRules) {
    const { size } = rules;
    this.size = size;
    this.original = { width: original.width, height: original.height };
    this.resized = resizedSize(original, rules);
    this.coordinates = rules.coordinates;
    // Rounding to whole pixels makes the two axes differ a little. SAM scales prompts by the rounded
    // sizes; with pixel centres the unrounded ratio holds.
    const ratio = size / Math.max(original.width, original.height);
    this.scale =
      rules.coordinates === 'pixel-centers' && rules.fit === 'longest-side'
        ? { x: ratio, y: ratio }
        : {
            x: this.resized.width / original.width,
            y: this.resized.height / original.height,
          };
  }

  /**
   * Maps a point of the original image to the square.
   *
   * `scaled` multiplies in f64 and rounds once to f32, as SAM's `apply_coords` does;
   * `pixel-centers` computes in f32, as the network was trained.
   */
  toFrame(x: number, y: number): { x: number; y: number } {
    if (this.coordinates === 'scaled') {
      return { x: Math.fround(x * this.scale.x), y: Math.fround(y * this.scale.y) };
    }
    return { x: mapPixelCenter(x, this.scale.x), y: mapPixelCenter(y, this.scale.y) };
  }
}

function mapPixelCenter(position: number, scale: number): number {
  const fromEdge = Math.fround(Math.fround(position) + 0.5);
  return Math.fround(Math.fround(fromEdge * Math.fround(scale)) - 0.5);
}

// Very long and thin images round to zero pixels in the official code, which then fails; they keep
// one pixel here.
function resizedSize({ width, height }: ImageSize, { size, fit, rounding }: FrameRules): ImageSize {
  if (fit === 'squash') return { width: size, height: size };
  const ratio = size / Math.max(width, height);
  const round = rounding === 'half-even' ? roundHalfEven : roundHalfUp;
  return {
    width: Math.max(1, round(width * ratio)),
    height: Math.max(1, round(height * ratio)),
  };
}

function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const fraction = value - below;
  if (fraction !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
