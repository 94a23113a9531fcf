/**
 * How pixels are resampled. Each method reproduces the library that an official model uses, because
 * a network sees the difference between them.
 *
 * - `pillow-bilinear`: Pillow's antialiased triangle filter on 8-bit pixels (SAM and its relatives).
 * - `pillow-bicubic`: its antialiased cubic filter, a = -0.5, on 8-bit pixels (frames of SAM 2).
 * - `opencv-area`: OpenCV's `INTER_AREA` on 8-bit pixels.
 * - `opencv-linear`: OpenCV's `INTER_LINEAR` on 8-bit pixels.
 * - `torch-bilinear`: `interpolate(mode='bilinear', align_corners=False)` on floats in 0..1.
 * - `torch-bilinear-antialias`: the same with `antialias=True` (SAM 2).
 */
export type ResampleMethod =
  | 'pillow-bilinear'
  | 'pillow-bicubic'
  | 'opencv-area'
  | 'opencv-linear'
  | 'torch-bilinear'
  | 'torch-bilinear-antialias';

/** How an image of any size becomes the `[1, size, size, 3]` input of an image encoder. */
export interface ImagePreprocessing {
  /** Side of the square input, in pixels. */
  readonly size: number;
  /**
   * `longest-side` keeps the aspect ratio and fills the right or the bottom with zeros (after
   * normalisation); `squash` stretches the image to the square.
   */
  readonly fit: 'longest-side' | 'squash';
  /** How the resized width and height are rounded to whole pixels: SAM half up, Python's `round` half to even. */
  readonly rounding: 'half-up' | 'half-even';
  /** `shrink` is used where the longest side of the image is greater than `size`, else `enlarge`. */
  readonly resample: { readonly shrink: ResampleMethod; readonly enlarge: ResampleMethod };
  /** Subtracted from red, green and blue, on the 0..255 scale. */
  readonly mean: readonly [number, number, number];
  /** What the difference is divided by, on the 0..255 scale. */
  readonly std: readonly [number, number, number];
  /**
   * Where a prompt lands in the square: `scaled` multiplies a coordinate by new/old size;
   * `pixel-centers` maps centres of pixels to centres of pixels, `(p + 0.5) * scale - 0.5`.
   */
  readonly coordinates: 'scaled' | 'pixel-centers';
}
