import { elementCount, type Graph, nodeAt } from '@samgpu/graph';
import { dtypeSize } from '@samgpu/weights';

/**
 * The least that a graph moves through memory, in bytes: its weights, its inputs and its results,
 * each once. What is written in between and read again is a choice of whoever runs it.
 */
export function graphTraffic(graph: Graph): number {
  const weights = graph.nodes.reduce((sum, node) => {
    const stored = node.operation === 'weight' ? node.attributes.stored : undefined;
    return stored === undefined ? sum : sum + elementCount(node.shape) * dtypeSize(stored);
  }, 0);
  const ends = [...graph.inputs.values(), ...graph.outputs.values()];
  return ends.reduce((sum, id) => sum + 4 * elementCount(nodeAt(graph.nodes, id).shape), weights);
}
