import type { Kernel, KernelDevice } from '../kernel.ts';
import { specialize, spreadWorkgroups } from '../specialize.ts';
import { type Axes, mergeAxes, sizeConstants, strideConstants } from '../view/axes.ts';
import { source as axesSource } from '../view/axes.wgsl.ts';
import { stepGrid } from '../view/grid.ts';
import { groupLanes } from '../view/lanes.ts';
import { elementCount, type View, viewExtent } from '../view/view.ts';
import { source as copySource } from './copy.wgsl.ts';
import { source as blockSource } from './transpose-block.wgsl.ts';
import { source as tileSource } from './transpose-tile.wgsl.ts';

const TILE = 32;
// Axes beside the two that a transposition swaps.
const OUTER_AXES = 4;

export interface CopyOptions {
  /** What is read: f32 or i32, any strides, so also a broadcast or transposed tensor. */
  readonly x: View;
  /** Where it goes: of the same shape, its elements all apart. */
  readonly target: View;
}

/**
 * Copies a view into another: transposition, slice, expansion, part of a concatenation. Bindings:
 * x, y. What lies between the elements of the target is left as it is.
 *
 * @throws RangeError if the shapes differ, AxesError if more than six axes do not merge
 */
export function copyKernel({ x, target }: CopyOptions, device: KernelDevice): Kernel {
  if (x.shape.join() !== target.shape.join()) {
    throw new RangeError(`copy of [${x.shape.join(', ')}] into [${target.shape.join(', ')}]`);
  }
  const axes = mergeAxes([x, target]);
  const swapped = axes.strides[1]![0] === 1 ? axes.strides[0]!.indexOf(1) : -1;
  if (swapped > 0 && axes.sizes.length - 2 <= OUTER_AXES) {
    return transposition(x, target, axes, swapped, device);
  }
  const lanes = groupLanes([x, target]);
  const value = lanes.lanes === 4 ? 'vec4<u32>' : 'u32';
  // A target whose elements are apart never has width 1 in four lanes.
  const types = { Value: value, X: lanes.widths[0] === 4 ? 'vec4<u32>' : 'u32' };
  const grid = stepGrid(lanes.steps, device);
  return {
    label: `copy ${x.shape.join('x')}`,
    source: `${specialize(copySource, { types })}\n${axesSource}`,
    constants: {
      ...sizeConstants(lanes.sizes),
      ...strideConstants('X', lanes.strides[0]!, lanes.offsets[0]!),
      ...strideConstants('Y', lanes.strides[1]!, lanes.offsets[1]!),
      ...grid.constants,
    },
    bindings: bindingsOf(x, target),
    workgroups: grid.workgroups,
    flops: 0,
  };
}

function bindingsOf(x: View, target: View): Kernel['bindings'] {
  return [
    { name: 'x', access: 'read', bytes: viewExtent(x) * 4 },
    { name: 'y', access: 'read-write', bytes: viewExtent(target) * 4 },
  ];
}

/** x has its neighbours along axis `swapped`, the target along axis 0. */
function transposition(
  x: View,
  target: View,
  { sizes, strides }: Axes,
  swapped: number,
  device: KernelDevice,
): Kernel {
  const others = <Item>(list: readonly Item[]): Item[] =>
    list.filter((_, axis) => axis !== 0 && axis !== swapped);
  const [from, to] = [strides[0]!, strides[1]!];
  const rows = sizes[swapped]!;
  const columns = sizes[0]!;
  const batch = elementCount(others(sizes));
  const distances = [
    from[0]!,
    to[swapped]!,
    ...others(from),
    ...others(to),
    x.offset,
    target.offset,
  ];
  const divides = [rows, columns, ...distances].every((value) => value % 4 === 0);
  const inBlocks = device.software && divides;
  const unit = inBlocks ? 4 : 1;
  const scaled = (list: readonly number[]): number[] => list.map((value) => value / unit);
  const constants = {
    ...sizeConstants(others(sizes)),
    ...withoutLast(strideConstants('X', scaled(others(from)), x.offset / unit)),
    ...withoutLast(strideConstants('Y', scaled(others(to)), target.offset / unit)),
    ROWS: rows / unit,
    COLUMNS: columns / unit,
    X_COLUMN: from[0]! / unit,
    Y_ROW: to[swapped]! / unit,
  };
  const shared = {
    label: `transpose ${batch}x${rows}x${columns}`,
    bindings: bindingsOf(x, target),
    flops: 0,
  };
  if (inBlocks) {
    const grid = stepGrid((batch * rows * columns) / 16, device);
    return {
      ...shared,
      source: `${blockSource}\n${axesSource}`,
      constants: { ...constants, ...grid.constants },
      workgroups: grid.workgroups,
    };
  }
  const groups = batch * Math.ceil(rows / TILE) * Math.ceil(columns / TILE);
  return {
    ...shared,
    source: `${tileSource}\n${axesSource}`,
    constants: { ...constants, GROUPS: groups, TILE, LINES: 8 },
    workgroups: spreadWorkgroups(groups, device.workgroupsPerDimension),
  };
}

// The transposing shaders walk four axes beside their two.
function withoutLast(constants: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(constants).filter(([name]) => !/_[45]$/.test(name)));
}
