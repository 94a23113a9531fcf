import type { KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { stepGrid } from '../view/grid.ts';
import { type ImageKernel, packParameters } from './image-kernel.ts';
import { source as columnsSource } from './resample-columns.wgsl.ts';
import { source as rowsSource } from './resample-rows.wgsl.ts';

/**
 * How sums are made, in the order of the shaders' `MODE`. All but `float` give whole levels, bit for
 * bit those of the library.
 *
 * - `fixed-point`: Pillow's for 8-bit pixels. Weights are i32 with 22 bits of fraction, and both
 *   passes round to 8 bits.
 * - `opencv-linear`: OpenCV's for 8-bit pixels. Two weights per position, i32 with 11 bits.
 * - `float`: weights and sums in f32, for PyTorch's methods. Devices may fuse additions with
 *   multiplications, so results differ in the last bits.
 * - `opencv-area`: OpenCV's `INTER_AREA`. Weights in f32; every product and every sum is rounded on
 *   its own, then the result to a whole level, halves to the even one.
 * - `opencv-blocks`: OpenCV's `INTER_AREA` for steps that are whole on both axes. Weights are 1; sums
 *   of blocks are whole and become a mean in one multiplication, rounded halves to even, or halves
 *   up for blocks of 2 x 2.
 */
export type ResampleArithmetic =
  | 'fixed-point'
  | 'opencv-linear'
  | 'float'
  | 'opencv-area'
  | 'opencv-blocks';

const MODES: readonly ResampleArithmetic[] = [
  'fixed-point',
  'opencv-linear',
  'float',
  'opencv-area',
  'opencv-blocks',
];

/** Type of the weights, and of the samples between the passes. */
export function resampleType(arithmetic: ResampleArithmetic): 'f32' | 'i32' {
  return arithmetic === 'float' || arithmetic === 'opencv-area' ? 'f32' : 'i32';
}

export interface ResampleColumnsOptions {
  /** Of the photograph, in pixels. */
  readonly width: number;
  /** Rows to do: all of the photograph's, or those of a strip. */
  readonly height: number;
  /** The first of them, in the samples. @defaultValue 0 */
  readonly firstRow?: number;
  /** 4 with straight alpha, 3 without. @defaultValue 4 */
  readonly channels?: 3 | 4;
  /**
   * Pixels from one row of the photograph to the next, for textures that were copied to a buffer.
   * @defaultValue width
   */
  readonly rowPitch?: number;
  readonly outWidth: number;
  /** Weights per output position. */
  readonly taps: number;
  readonly arithmetic: ResampleArithmetic;
}

/**
 * First pass: the rows of a photograph to another width. Transparent pixels are laid over white.
 *
 * Bindings: parameters, pixels [height, rowPitch, channels] of a byte each, taps as `packTaps` gives them
 * for outWidth positions, samples [rows of the photograph, outWidth, 3] of four bytes each,
 * for the second pass.
 */
export function resampleColumnsKernel(
  options: ResampleColumnsOptions,
  device: KernelDevice,
): ImageKernel {
  const { width, height, rowPitch = width, channels = 4, outWidth, taps, arithmetic } = options;
  const { firstRow = 0 } = options;
  const grid = stepGrid(height * outWidth, device);
  const parameters = packParameters([
    width,
    height,
    firstRow,
    rowPitch,
    outWidth,
    taps,
    channels,
    0,
  ]);
  const types = { Sample: resampleType(arithmetic) };
  const pixels = (height - 1) * rowPitch + width;
  return {
    parameters,
    kernel: {
      label: `resample-columns ${arithmetic}`,
      source: specialize(columnsSource, { types }),
      constants: {
        MODE: MODES.indexOf(arithmetic),
        WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE,
      },
      bindings: [
        { name: 'parameters', access: 'read', bytes: parameters.byteLength },
        { name: 'pixels', access: 'read', bytes: Math.ceil((pixels * channels) / 4) * 4 },
        { name: 'taps', access: 'read', bytes: outWidth * (taps + 1) * 4 },
        { name: 'samples', access: 'read-write', bytes: (firstRow + height) * outWidth * 12 },
      ],
      workgroups: grid.workgroups,
      flops: height * outWidth * taps * 6,
    },
  };
}

export interface ResampleRowsOptions {
  /** Of the photograph, in pixels. */
  readonly height: number;
  /** Of the resized photograph; neither exceeds `size`. */
  readonly outWidth: number;
  readonly outHeight: number;
  /** Side of the square that it lies in, at the top left. */
  readonly size: number;
  /** Weights per output position. */
  readonly taps: number;
  readonly arithmetic: ResampleArithmetic;
  /** With `opencv-blocks`: width and height of a block. */
  readonly block?: readonly [number, number];
  /** Subtracted from red, green and blue with `float`, in levels from 0 to 255. */
  readonly mean: readonly [number, number, number];
  /** What the difference is divided by. */
  readonly deviation: readonly [number, number, number];
}

/**
 * Second pass: the columns to another height, normalised, zeros right of the photograph and below it.
 *
 * Bindings: parameters, samples as the first pass gives them, taps as `packTaps` gives them for
 * outHeight positions, levels [3, 256] f32 (each whole level of red, green and blue, normalised; not
 * read with `float`), y [1, size, size, 3] f32.
 */
export function resampleRowsKernel(
  options: ResampleRowsOptions,
  device: KernelDevice,
): ImageKernel {
  const { height, outWidth, outHeight, size, taps, arithmetic, mean, deviation } = options;
  const { block = [1, 1] } = options;
  const grid = stepGrid(size * size, device);
  const isTwoByTwo = block[0] === 2 && block[1] === 2;
  const parameters = packParameters([
    height,
    outWidth,
    outHeight,
    taps,
    { float: isTwoByTwo ? 0 : 1 / (block[0] * block[1]) },
    0,
  ]);
  const types = { Sample: resampleType(arithmetic) };
  return {
    parameters,
    kernel: {
      label: `resample-rows ${arithmetic} ${size}`,
      source: specialize(rowsSource, { types }),
      constants: {
        MODE: MODES.indexOf(arithmetic),
        WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE,
        SIZE: size,
        MEAN_RED: mean[0],
        MEAN_GREEN: mean[1],
        MEAN_BLUE: mean[2],
        DEVIATION_RED: deviation[0],
        DEVIATION_GREEN: deviation[1],
        DEVIATION_BLUE: deviation[2],
      },
      bindings: [
        { name: 'parameters', access: 'read', bytes: parameters.byteLength },
        { name: 'samples', access: 'read', bytes: height * outWidth * 12 },
        { name: 'taps', access: 'read', bytes: outHeight * (taps + 1) * 4 },
        { name: 'levels', access: 'read', bytes: 3 * 256 * 4 },
        { name: 'y', access: 'read-write', bytes: size * size * 12 },
      ],
      workgroups: grid.workgroups,
      flops: outHeight * outWidth * taps * 6,
    },
  };
}
