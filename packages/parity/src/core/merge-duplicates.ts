import type { Graph, GraphNode, NodeId } from '@samgpu/graph';

/**
 * The same graph with each value computed once, where two parts of a trace recorded it separately.
 *
 * So an encoder and the stages that it goes through, which are recorded by other functions, run as one
 * program in the time of one.
 */
export function mergeDuplicates(graph: Graph): Graph {
  const known = new Map<string, NodeId>();
  const kept: GraphNode[] = [];
  const renumbered: NodeId[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => renumbered[id]!);
    const content = [node.operation, node.attributes, inputs, node.shape, node.dtype];
    const key = JSON.stringify(content, infinitiesAsText);
    let id = known.get(key);
    if (id === undefined) {
      id = kept.length;
      known.set(key, id);
      kept.push({ ...node, id, inputs });
    }
    renumbered.push(id);
  }
  const moved = (ends: ReadonlyMap<string, NodeId>): Map<string, NodeId> =>
    new Map(Array.from(ends, ([name, id]) => [name, renumbered[id]!]));
  return { ...graph, nodes: kept, inputs: moved(graph.inputs), outputs: moved(graph.outputs) };
}

// JSON has no infinities, which clamp and pad may hold.
function infinitiesAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
