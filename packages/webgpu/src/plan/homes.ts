import { elementCount, type Graph, nodeAt, type NodeId } from '@samgpu/graph';

import type { FusionPlan } from './fuse.ts';

/** A place in the result of a concatenation, where a part is written by its own kernel. */
export interface Home {
  readonly concat: NodeId;
  /** In bytes. */
  readonly offset: number;
}

/** Operations that write no memory of their own, or memory that is not theirs to choose. */
const PLACELESS: ReadonlySet<string> = new Set([
  'input',
  'weight',
  'constant',
  'reshape',
  'transpose',
  'slice',
  'expand',
  'concat',
]);

/**
 * Parts that need no copy, because they lie in one piece in the concatenation, at an offset that can
 * be bound.
 *
 * Only the concatenation may read such a part: WebGPU lets no dispatch read a buffer that it writes,
 * so whoever reads one part could write no other.
 */
export function homesInConcats(
  graph: Graph,
  known: ReadonlySet<NodeId>,
  { absorbed }: FusionPlan,
  alignment: number,
): ReadonlyMap<NodeId, Home> {
  const uses = countUses(graph);
  const homes = new Map<NodeId, Home>();
  for (const node of graph.nodes) {
    if (node.operation !== 'concat' || known.has(node.id)) {
      continue;
    }
    const { axis } = node.attributes;
    if (elementCount(node.shape.slice(0, axis)) !== 1) {
      continue;
    }
    let offset = 0;
    for (const id of node.inputs) {
      const part = nodeAt(graph.nodes, id);
      const isFree = uses.get(id) === 1 && !known.has(id) && !absorbed.has(id);
      if (isFree && !PLACELESS.has(part.operation) && offset % alignment === 0) {
        homes.set(id, { concat: node.id, offset });
      }
      offset += elementCount(part.shape) * 4;
    }
  }
  return homes;
}

function countUses(graph: Graph): ReadonlyMap<NodeId, number> {
  const uses = new Map<NodeId, number>();
  const count = (id: NodeId): void => {
    uses.set(id, (uses.get(id) ?? 0) + 1);
  };
  graph.nodes.forEach(({ inputs }) => inputs.forEach(count));
  [...graph.outputs.values()].forEach(count);
  return uses;
}
