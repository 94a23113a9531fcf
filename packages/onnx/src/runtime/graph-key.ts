import type { Graph, WeightStore } from '@samgpu/graph';

const keys = new WeakMap<Graph, string>();

/**
 * Text that only graphs of the same content share, and stores of the same fingerprint.
 *
 * It is the content itself and no hash: graphs are small beside their weights.
 */
export function sessionKey(graph: Graph, weights: WeightStore): string {
  let key = keys.get(graph);
  if (key === undefined) {
    // JSON has no infinities, which clamp and pad may hold.
    key = JSON.stringify(
      [graph.name, graph.nodes, [...graph.inputs], [...graph.outputs]],
      (_, value: unknown) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    );
    keys.set(graph, key);
  }
  return `${weights.fingerprint}\n${key}`;
}
