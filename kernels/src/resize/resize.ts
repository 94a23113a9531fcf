import type { Kernel, KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { stepGrid } from '../view/grid.ts';
import { source } from './resize.wgsl.ts';

/** In the order of the shader's `MODE`. */
const MODES = ['nearest', 'bilinear', 'bicubic'] as const;

export interface ResizeOptions {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly mode: (typeof MODES)[number];
  /** Where x begins, in elements. @defaultValue 0 */
  readonly offset?: number;
}

/**
 * Resamples NHWC images with half-pixel centres (align_corners = false) and no antialiasing, as
 * PyTorch's `interpolate` does; bicubic uses a = -0.75.
 *
 * Bindings: x [batch, height, width, channels], y [batch, outHeight, outWidth, channels].
 *
 * @throws RangeError for sides whose product exceeds 2^30, which positions are no longer exact for
 */
export function resizeKernel(options: ResizeOptions, device: KernelDevice): Kernel {
  const { batch, height, width, channels, outHeight, outWidth, mode, offset = 0 } = options;
  if (height * outHeight > 2 ** 30 || width * outWidth > 2 ** 30) {
    throw new RangeError(
      `resize of ${height}x${width} to ${outHeight}x${outWidth}: products of sides above 2^30`,
    );
  }
  const unit = channels % 4 === 0 && offset % 4 === 0 ? 4 : 1;
  const outElements = batch * outHeight * outWidth * channels;
  const grid = stepGrid(outElements / unit, device);
  return {
    label: `resize ${mode} ${height}x${width} to ${outHeight}x${outWidth}x${channels}`,
    source: specialize(source, { types: { Value: unit === 4 ? 'vec4<f32>' : 'f32' } }),
    constants: {
      ...grid.constants,
      MODE: MODES.indexOf(mode),
      CHANNELS: channels / unit,
      X_OFFSET: offset / unit,
      HEIGHT: height,
      WIDTH: width,
      OUT_HEIGHT: outHeight,
      OUT_WIDTH: outWidth,
    },
    bindings: [
      { name: 'x', access: 'read', bytes: (offset + batch * height * width * channels) * 4 },
      { name: 'y', access: 'read-write', bytes: outElements * 4 },
    ],
    workgroups: grid.workgroups,
    flops: outElements * { nearest: 0, bilinear: 6, bicubic: 40 }[mode],
  };
}
