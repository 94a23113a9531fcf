import { type Graph, type GraphNode, nodeAt, type NodeId, type OperationName } from '@samgpu/graph';
import type { Layout } from './layouts.ts';
import { isPatchwise, isTiling } from './lower-patches.ts';

/** Operations that ONNX defines with channels first. */
const CHANNELS_FIRST: ReadonlySet<OperationName> = new Set([
  'conv2d',
  'convTranspose2d',
  'resize',
  'pool2d',
]);

/** Operations that run in whichever layout their operands have, besides those below. */
const EITHER: ReadonlySet<OperationName> = new Set([
  'unary',
  'binary',
  'where',
  'clamp',
  'cast',
  'concat',
  'slice',
  'pad',
]);

/**
 * For every node of a graph, the layouts that those who read it would like, looking through
 * operations that do not care.
 */
export function layoutWishes(graph: Graph): readonly ReadonlySet<Layout>[] {
  const wishes = graph.nodes.map(() => new Set<Layout>());
  const wish = (id: NodeId, layout: Layout): void => {
    wishes[id]?.add(layout);
  };
  for (const id of graph.outputs.values()) {
    wish(id, 'traced');
  }
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    const node = nodeAt(graph.nodes, id);
    for (const input of node.inputs) {
      if (nodeAt(graph.nodes, input).shape.length !== 4) {
        continue;
      }
      if (runsInEither(node, graph)) {
        wishes[id]?.forEach((layout) => wish(input, layout));
      } else if (CHANNELS_FIRST.has(node.operation)) {
        wish(input, 'channelsFirst');
      } else {
        wish(input, 'traced');
      }
    }
  }
  return wishes;
}

function runsInEither(node: GraphNode, graph: Graph): boolean {
  return (
    (node.shape.length === 4 && EITHER.has(node.operation)) ||
    (node.operation === 'resize' && node.attributes.mode === 'nearest') ||
    (node.operation === 'conv2d' && isPatchwise(node, graph)) ||
    (node.operation === 'convTranspose2d' && isTiling(node, graph))
  );
}
