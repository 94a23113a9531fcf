import type { Kernel, KernelDevice } from '../kernel.ts';
import { groupRows, rowPerInvocation } from '../rows/row-groups.ts';
import { specialize } from '../specialize.ts';
import { source as rowSource } from './layer-norm-row.wgsl.ts';
import { source as groupSource } from './layer-norm.wgsl.ts';

export interface LayerNormOptions {
  readonly rows: number;
  readonly width: number;
  /** Added to the variance. SAM's image encoder uses 1e-6, PyTorch's default is 1e-5. */
  readonly epsilon: number;
  /** Where x begins, in elements. @defaultValue 0 */
  readonly offset?: number;
  /** From one row of x to the next, in elements. @defaultValue width */
  readonly rowStride?: number;
}

/**
 * Normalises each row of x to zero mean and unit variance, then scales and shifts it.
 *
 * Bindings: x `[rows, width]`, weight `[width]`, bias `[width]`, y `[rows, width]`, dense but for x.
 */
export function layerNormKernel(options: LayerNormOptions, device: KernelDevice): Kernel {
  const { rows, width, epsilon, offset = 0, rowStride = width } = options;
  const aligned = [width, offset, rowStride].every((distance) => distance % 4 === 0);
  const perInvocation = device.software && aligned;
  const { valueWidth, constants, workgroups } = perInvocation
    ? rowPerInvocation(rows, width, device)
    : groupRows(rows, width, aligned, device);
  const types = { Value: valueWidth === 4 ? 'vec4<f32>' : 'f32' };
  const bytes = rows * width * 4;
  return {
    label: `layer-norm ${rows}x${width}`,
    source: perInvocation ? rowSource : specialize(groupSource, { types }),
    constants: {
      ...constants,
      ...(perInvocation ? {} : { LANE_SHARE: valueWidth / 4 }),
      X_OFFSET: offset / valueWidth,
      X_STRIDE: rowStride / valueWidth,
      COUNT: width,
      EPSILON: epsilon,
    },
    bindings: [
      { name: 'x', access: 'read', bytes: (offset + (rows - 1) * rowStride + width) * 4 },
      { name: 'weight', access: 'read', bytes: width * 4 },
      { name: 'bias', access: 'read', bytes: width * 4 },
      { name: 'y', access: 'read-write', bytes },
    ],
    workgroups,
    flops: 8 * rows * width,
  };
}
