import type { Graph, GraphNode, NodeId } from './node.ts';
import { formatShape } from './shape.ts';

/**
 * The weights that are matrices of a graph: those that layers and convolutions multiply with, and
 * nothing else reads. For each, the axis along which its output channels lie.
 *
 * What runs as one product can be quantised channel by channel. Norms, biases, tables of positions
 * and tokens are not among them, nor are depthwise convolutions, whose channels are too short to
 * share a scale. Looks through what keeps the shape, such as a batch norm that is folded in.
 */
export function outputChannelAxes(graph: Graph): Map<string, number> {
  const readers = readersOf(graph);
  const axes = new Map<string, number>();
  for (const node of graph.nodes) {
    if (node.operation === 'weight') {
      const axis = commonAxis(node, readers);
      if (axis !== undefined) {
        axes.set(node.attributes.path, axis);
      }
    }
  }
  return axes;
}

type Readers = ReadonlyMap<NodeId, readonly GraphNode[]>;

function readersOf(graph: Graph): Readers {
  const readers = new Map<NodeId, GraphNode[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const node of graph.nodes) {
    new Set(node.inputs).forEach((id) => readers.get(id)?.push(node));
  }
  return readers;
}

/** The axis that all who read a tensor agree on. */
function commonAxis(tensor: GraphNode, readers: Readers): number | undefined {
  const axes = new Set(
    (readers.get(tensor.id) ?? []).map((reader) => axisFor(tensor, reader, readers)),
  );
  return axes.size === 1 ? [...axes][0] : undefined;
}

function axisFor(tensor: GraphNode, reader: GraphNode, readers: Readers): number | undefined {
  const isWeight = reader.inputs[1] === tensor.id && reader.inputs[0] !== tensor.id;
  switch (reader.operation) {
    case 'linear':
      return isWeight ? 0 : undefined;
    case 'conv2d':
      return isWeight && (reader.attributes.groups === 1 || (tensor.shape[1] ?? 1) > 1)
        ? 0
        : undefined;
    case 'convTranspose2d':
      return isWeight ? 1 : undefined;
    case 'binary':
      return formatShape(reader.shape) === formatShape(tensor.shape)
        ? commonAxis(reader, readers)
        : undefined;
    default:
      return undefined;
  }
}
