import type { Graph } from './node.ts';
import { formatShape } from './shape.ts';
import type { WeightStore } from './weight-store.ts';

/**
 * What keeps a graph from running with these weights, as a message for people; undefined where
 * every weight is there as it was traced. Reads no weight.
 */
export function weightMismatch(graph: Graph, weights: WeightStore): string | undefined {
  for (const node of graph.nodes) {
    if (node.operation !== 'weight') {
      continue;
    }
    const { path, stored } = node.attributes;
    const info = weights.tensors.get(path);
    if (info === undefined) {
      return (
        `graph "${graph.name}" needs the weight "${path}" ${formatShape(node.shape)}, and the ` +
        `store has no such tensor (it has ${weights.tensors.size}); was the graph traced with another checkpoint?`
      );
    }
    if (info.dtype !== stored || formatShape(info.shape) !== formatShape(node.shape)) {
      return (
        `"${path}" is ${info.dtype} ${formatShape(info.shape)} in the store, and graph "${graph.name}" ` +
        `was traced with ${stored} ${formatShape(node.shape)}; trace it again with this store's manifest`
      );
    }
  }
  return undefined;
}
