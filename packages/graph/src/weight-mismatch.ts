import type { Graph } from './node.ts';
import { formatShape } from './shape.ts';
import type { ChannelScales, StoredType, WeightStore } from './weight-store.ts';

/**
 * What keeps a graph from running with these weights, as a message for people; undefined where
 * every weight is there as it was traced. Reads no weight.
 */
export function weightMismatch(graph: Graph, weights: WeightStore): string | undefined {
  for (const node of graph.nodes) {
    if (node.operation !== 'weight') {
      continue;
    }
    const { path, stored, scales } = node.attributes;
    const info = weights.tensors.get(path);
    if (info === undefined) {
      return (
        `graph "${graph.name}" needs the weight "${path}" ${formatShape(node.shape)}, and the ` +
        `store has no such tensor (it has ${weights.tensors.size}); was the graph traced with another checkpoint?`
      );
    }
    const got = describe(info.dtype, info.shape, info.scales);
    const wanted = describe(stored, node.shape, scales);
    if (got !== wanted) {
      return (
        `"${path}" is ${got} in the store, and graph "${graph.name}" ` +
        `was traced with ${wanted}; trace it again with this store's manifest`
      );
    }
    if (scales !== undefined) {
      const channels = describe('f32', [node.shape[scales.axis] ?? 0]);
      const there = weights.tensors.get(scales.path);
      if (there === undefined || describe(there.dtype, there.shape) !== channels) {
        const found = there === undefined ? 'missing' : describe(there.dtype, there.shape);
        return `"${scales.path}", the scales of "${path}", is ${found} in the store, wanted ${channels}`;
      }
    }
  }
  return undefined;
}

function describe(stored: StoredType, shape: readonly number[], scales?: ChannelScales): string {
  const type = `${stored} ${formatShape(shape)}`;
  return scales === undefined
    ? type
    : `${type} with scales "${scales.path}" along axis ${scales.axis}`;
}
