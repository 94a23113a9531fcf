import type { Kernel, KernelDevice } from '../kernel.ts';
import { spreadWorkgroups } from '../specialize.ts';
import { AxesError, mergeAxes, sizeConstants, strideConstants } from '../view/axes.ts';
import { source as axesSource } from '../view/axes.wgsl.ts';
import { elementCount, type View, viewExtent } from '../view/view.ts';
import { source } from './reduce.wgsl.ts';

/** In the order of the shader's `KIND`. */
export const REDUCE_KINDS = ['sum', 'mean', 'max', 'min'] as const;

const REDUCED_AXES = 3;
const GROUP_SIZE = 256;

export interface ReduceOptions {
  readonly x: View; // f32
  /** Axes of x that vanish, or become 1: the same elements. */
  readonly axes: readonly number[];
  readonly kind: (typeof REDUCE_KINDS)[number];
}

/**
 * Sum, mean, largest or smallest along axes, in f32. Bindings: x, y (dense, the axes that are kept).
 *
 * @throws AxesError if more than six kept or three reduced axes do not merge
 */
export function reduceKernel({ x, axes, kind }: ReduceOptions, device: KernelDevice): Kernel {
  const part = (isReduced: boolean): View => {
    const chosen = x.shape
      .map((_, axis) => axis)
      .filter((axis) => axes.includes(axis) === isReduced);
    return {
      shape: chosen.map((axis) => x.shape[axis]!),
      strides: chosen.map((axis) => x.strides[axis]!),
      offset: 0,
    };
  };
  const kept = mergeAxes([part(false)]);
  const reduced = mergeAxes([part(true)]);
  if (reduced.sizes.length > REDUCED_AXES) {
    throw new AxesError(
      `reduce of [${x.shape.join(', ')}] along ${axes.join(', ')} walks ${reduced.sizes.length} ` +
        `reduced axes, wanted at most ${REDUCED_AXES}; reduce some of them first`,
    );
  }
  const results = elementCount(kept.sizes);
  const count = elementCount(reduced.sizes);
  const limit = Math.min(GROUP_SIZE, device.workgroupInvocations, device.workgroupSizeX);
  // A rasteriser on the CPU pays for barriers, and has few invocations to keep busy.
  const lanes =
    device.software && results >= 64 ? 1 : laneCount(count, kept.strides[0]![0] === 1, limit);
  const groupResults = Math.min(limit / lanes, results);
  return {
    label: `reduce ${kind} ${count} to ${results}`,
    source: `${source}\n${axesSource}`,
    constants: {
      ...sizeConstants(kept.sizes),
      ...strideConstants('X', kept.strides[0]!, x.offset),
      KIND: REDUCE_KINDS.indexOf(kind),
      RESULTS: results,
      LANES: lanes,
      GROUP_RESULTS: groupResults,
      COUNT: count,
      REDUCED_SIZE_0: reduced.sizes[0] ?? 1,
      REDUCED_SIZE_1: reduced.sizes[1] ?? 1,
      REDUCED_0: reduced.strides[0]![0] ?? 0,
      REDUCED_1: reduced.strides[0]![1] ?? 0,
      REDUCED_2: reduced.strides[0]![2] ?? 0,
    },
    bindings: [
      { name: 'x', access: 'read', bytes: viewExtent(x) * 4 },
      { name: 'y', access: 'read-write', bytes: results * 4 },
    ],
    workgroups: spreadWorkgroups(Math.ceil(results / groupResults), device.workgroupsPerDimension),
    flops: results * count,
  };
}

// Neighbouring lanes should read neighbours: along the reduced axes, unless those that are kept lie
// closer, where one lane per result does. Long reductions are shared all the same.
function laneCount(count: number, keepsNeighbours: boolean, limit: number): number {
  const elementsPerLane = keepsNeighbours ? 64 : 4;
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, count / elementsPerLane)));
  return Math.min(wanted, limit);
}
