import type { KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { stepGrid } from '../view/grid.ts';
import { type ImageKernel, packParameters } from './image-kernel.ts';
import { source as columnsSource } from './resample-columns.wgsl.ts';
import { source as rowsSource } from './resample-rows.wgsl.ts';

/**
 * How sums are made, in the order of the shaders' `MODE`.
 *
 * - `fixed-point`: Pillow's for 8-bit pixels. Weights are i32 with 22 bits of fraction, and both
 *   passes round to 8 bits. Bit for bit the same.
 * - `opencv-linear`: OpenCV's for 8-bit pixels. Two weights per position, i32 with 11 bits. Bit for
 *   bit the same.
 * - `float`: weights and sums in f32, for PyTorch's methods, and OpenCV's `INTER_AREA` with
 *   `roundLevels`. Devices may fuse additions with multiplications, so sums differ in the last bits,
 *   and a level can differ by one where a sum lies that close to a half.
 */
export type ResampleArithmetic = 'fixed-point' | 'opencv-linear' | 'float';

const MODES: readonly ResampleArithmetic[] = ['fixed-point', 'opencv-linear', 'float'];

export interface ResampleColumnsOptions {
  /** Of the photograph, in pixels. */
  readonly width: number;
  readonly height: number;
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
 * Bindings: parameters, pixels (RGBA, a byte each) [height, rowPitch], taps as `packTaps` gives them
 * for outWidth positions, samples [height, outWidth, 3] of four bytes each, for the second pass.
 */
export function resampleColumnsKernel(
  options: ResampleColumnsOptions,
  device: KernelDevice,
): ImageKernel {
  const { width, height, rowPitch = width, outWidth, taps, arithmetic } = options;
  const grid = stepGrid(height * outWidth, device);
  const parameters = packParameters([width, height, rowPitch, outWidth, taps]);
  const types = { Sample: arithmetic === 'float' ? 'f32' : 'i32' };
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
        { name: 'pixels', access: 'read', bytes: ((height - 1) * rowPitch + width) * 4 },
        { name: 'taps', access: 'read', bytes: outWidth * (taps + 1) * 4 },
        { name: 'samples', access: 'read-write', bytes: height * outWidth * 12 },
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
  /** With `float`: round to whole levels, halves to the even one. @defaultValue false */
  readonly roundLevels?: boolean;
  /** Subtracted from red, green and blue, in levels from 0 to 255. */
  readonly mean: readonly [number, number, number];
  /** What the difference is divided by. */
  readonly deviation: readonly [number, number, number];
}

/**
 * Second pass: the columns to another height, normalised, zeros right of the photograph and below it.
 *
 * Bindings: parameters, samples as the first pass gives them, taps as `packTaps` gives them for
 * outHeight positions, y [1, size, size, 3] f32.
 */
export function resampleRowsKernel(
  options: ResampleRowsOptions,
  device: KernelDevice,
): ImageKernel {
  const { height, outWidth, outHeight, size, taps, arithmetic, roundLevels = false } = options;
  const { mean, deviation } = options;
  const grid = stepGrid(size * size, device);
  const parameters = packParameters([height, outWidth, outHeight, taps]);
  const types = { Sample: arithmetic === 'float' ? 'f32' : 'i32' };
  return {
    parameters,
    kernel: {
      label: `resample-rows ${arithmetic} ${size}`,
      source: specialize(rowsSource, { types }),
      constants: {
        MODE: MODES.indexOf(arithmetic),
        ROUND_LEVELS: Number(roundLevels),
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
        { name: 'y', access: 'read-write', bytes: size * size * 12 },
      ],
      workgroups: grid.workgroups,
      flops: outHeight * outWidth * taps * 6,
    },
  };
}
