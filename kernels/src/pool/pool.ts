import type { Kernel, KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { stepGrid } from '../view/grid.ts';
import { source } from './pool.wgsl.ts';

/** Pairs are `[y, x]`. */
export interface PoolOptions {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kind: 'max' | 'average';
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  /** At top, left, bottom, right; less than the window. */
  readonly padding: readonly [number, number, number, number];
  /** Where x begins, in elements. @defaultValue 0 */
  readonly offset?: number;
}

/** Height and width of the result. */
export function pooledSize({
  height,
  width,
  size,
  stride,
  padding,
}: PoolOptions): [number, number] {
  return [
    Math.floor((height + padding[0] + padding[2] - size[0]) / stride[0]) + 1,
    Math.floor((width + padding[1] + padding[3] - size[1]) / stride[1]) + 1,
  ];
}

/**
 * The largest or mean element of windows of NHWC images; padding never wins and never counts.
 *
 * Bindings: x [batch, height, width, channels], y [batch, outHeight, outWidth, channels].
 */
export function poolKernel(options: PoolOptions, device: KernelDevice): Kernel {
  const { batch, height, width, channels, kind, size, stride, padding, offset = 0 } = options;
  const [outHeight, outWidth] = pooledSize(options);
  const unit = channels % 4 === 0 && offset % 4 === 0 ? 4 : 1;
  const outElements = batch * outHeight * outWidth * channels;
  const grid = stepGrid(outElements / unit, device);
  return {
    label: `pool ${kind} ${size.join('x')} ${height}x${width}x${channels}`,
    source: specialize(source, { types: { Value: unit === 4 ? 'vec4<f32>' : 'f32' } }),
    constants: {
      ...grid.constants,
      IS_MAXIMUM: Number(kind === 'max'),
      CHANNELS: channels / unit,
      X_OFFSET: offset / unit,
      HEIGHT: height,
      WIDTH: width,
      OUT_HEIGHT: outHeight,
      OUT_WIDTH: outWidth,
      WINDOW_HEIGHT: size[0],
      WINDOW_WIDTH: size[1],
      STRIDE_Y: stride[0],
      STRIDE_X: stride[1],
      PADDING_TOP: padding[0],
      PADDING_LEFT: padding[1],
    },
    bindings: [
      { name: 'x', access: 'read', bytes: (offset + batch * height * width * channels) * 4 },
      { name: 'y', access: 'read-write', bytes: outElements * 4 },
    ],
    workgroups: grid.workgroups,
    flops: outElements * size[0] * size[1],
  };
}
