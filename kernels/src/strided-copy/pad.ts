import type { Kernel, KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { AxesError, MAXIMUM_AXES, sizeConstants, strideConstants } from '../view/axes.ts';
import { source as axesSource } from '../view/axes.wgsl.ts';
import { stepGrid } from '../view/grid.ts';
import { elementCount, type View, viewExtent } from '../view/view.ts';
import { source } from './pad.wgsl.ts';

export interface PadOptions {
  readonly x: View;
  /** Elements added along each axis, on either side. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
  /** @defaultValue f32 */
  readonly type?: 'f32' | 'i32';
  /** Where the dense result begins, in elements. @defaultValue 0 */
  readonly resultOffset?: number;
}

/** An axis of the result: `before` fills, `inside` elements of x, then fills to `size`. */
interface PaddedAxis {
  size: number;
  before: number;
  inside: number;
  stride: number;
}

/**
 * y = x with a value around it, y dense. Bindings: x, y.
 *
 * @throws AxesError if more than six axes do not merge
 */
export function padKernel(options: PadOptions, device: KernelDevice): Kernel {
  const { x, value, type = 'f32', resultOffset = 0 } = options;
  const shape = x.shape.map((size, axis) => options.before[axis]! + size + options.after[axis]!);
  const axes = paddedAxes(options, shape);
  const inner = axes[0];
  const isWide =
    inner !== undefined &&
    inner.stride === 1 &&
    [inner.size, inner.before, inner.inside, x.offset, resultOffset].every((n) => n % 4 === 0) &&
    axes.slice(1).every(({ stride }) => stride % 4 === 0);
  const unit = isWide ? 4 : 1;
  const inUnits = axes.map((axis, index) =>
    index === 0
      ? { ...axis, size: axis.size / unit, before: axis.before / unit, inside: axis.inside / unit }
      : { ...axis, stride: axis.stride / unit },
  );
  const count = elementCount(shape);
  const grid = stepGrid(count / unit, device);
  const constants: Record<string, number> = {
    ...sizeConstants(inUnits.map(({ size }) => size)),
    ...strideConstants(
      'X',
      inUnits.map(({ stride }) => stride),
      x.offset / unit,
    ),
    ...grid.constants,
    Y_OFFSET: resultOffset / unit,
    FILL: bitsOf(value, type),
  };
  inUnits.forEach(({ before, inside }, index) => {
    constants[`BEFORE_${index}`] = before;
    constants[`INSIDE_${index}`] = inside;
  });
  const types = { Value: isWide ? 'vec4<u32>' : 'u32' };
  return {
    label: `pad ${shape.join('x')}`,
    source: `${specialize(source, { types })}\n${axesSource}`,
    constants,
    bindings: [
      { name: 'x', access: 'read', bytes: viewExtent(x) * 4 },
      { name: 'y', access: 'read-write', bytes: (resultOffset + count) * 4 },
    ],
    workgroups: grid.workgroups,
    flops: 0,
  };
}

function paddedAxes({ x, before }: PadOptions, shape: readonly number[]): PaddedAxis[] {
  const axes: PaddedAxis[] = []; // from the innermost
  for (let index = shape.length - 1; index >= 0; index--) {
    const size = shape[index]!;
    if (size === 1) continue;
    const axis = {
      size,
      before: before[index]!,
      inside: x.shape[index]!,
      stride: x.strides[index]!,
    };
    const last = axes.at(-1);
    const isWhole = last !== undefined && last.inside === last.size;
    if (isWhole && axis.stride === last.stride * last.size) {
      last.before = axis.before * last.size;
      last.inside = axis.inside * last.size;
      last.size *= size;
    } else {
      axes.push(axis);
    }
  }
  if (axes.length > MAXIMUM_AXES) {
    throw new AxesError(
      `pad to [${shape.join(', ')}] walks ${axes.length} axes, wanted at most ${MAXIMUM_AXES}`,
    );
  }
  return axes;
}

function bitsOf(value: number, type: 'f32' | 'i32'): number {
  const array = type === 'f32' ? Float32Array.of(value) : Int32Array.of(value);
  return new Uint32Array(array.buffer)[0]!;
}
