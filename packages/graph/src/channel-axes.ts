import type { Graph, GraphNode, NodeId } from './node.ts';
import { elementCount, formatShape } from './shape.ts';

/**
 * The weights that are matrices of a graph: those that layers and convolutions multiply with, and
 * nothing else reads. For each, the axis along which its output channels lie.
 *
 * What runs as one product can be quantised channel by channel. Norms, biases, tables of positions
 * and tokens are not among them, nor are depthwise convolutions, whose channels are too short to
 * share a scale. Looks through a batch norm that is folded in, and through rows that change places.
 */
export function outputChannelAxes(graph: Graph): Map<string, number> {
  const readers = readersOf(graph);
  const axes = new Map<string, number>();
  for (const node of graph.nodes) {
    if (node.operation === 'weight') {
      const axis = commonAxis(node, readers, rowLength(node));
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

/** Elements behind each position of axis 0. Rows of this length stay whole on the way to a product. */
function rowLength({ shape }: GraphNode): number {
  return elementCount(shape.slice(1));
}

/** The axis that all who read a tensor agree on. */
function commonAxis(tensor: GraphNode, readers: Readers, row: number): number | undefined {
  const axes = new Set(
    (readers.get(tensor.id) ?? []).map((reader) => axisFor(tensor, reader, readers, row)),
  );
  return axes.size === 1 ? [...axes][0] : undefined;
}

function axisFor(
  tensor: GraphNode,
  reader: GraphNode,
  readers: Readers,
  row: number,
): number | undefined {
  if (isProduct(reader)) {
    const isWeight = reader.inputs[1] === tensor.id && reader.inputs[0] !== tensor.id;
    return isWeight && rowLength(tensor) === row ? productAxis(tensor, reader) : undefined;
  }
  return keepsRows(tensor, reader, row) ? commonAxis(reader, readers, row) : undefined;
}

type Product = GraphNode<'linear'> | GraphNode<'conv2d'> | GraphNode<'convTranspose2d'>;

function isProduct(node: GraphNode): node is Product {
  return ['linear', 'conv2d', 'convTranspose2d'].includes(node.operation);
}

function productAxis({ shape }: GraphNode, product: Product): number | undefined {
  switch (product.operation) {
    case 'convTranspose2d':
      return 1;
    case 'conv2d':
      return product.attributes.groups === 1 || (shape[1] ?? 1) > 1 ? 0 : undefined;
    default:
      return 0;
  }
}

/** Whether an operation leaves the elements of each row beside each other. */
function keepsRows({ shape }: GraphNode, reader: GraphNode, row: number): boolean {
  const last = shape.length - 1;
  const areWhole = (shape[last] ?? 1) % row === 0;
  switch (reader.operation) {
    case 'binary':
      return formatShape(reader.shape) === formatShape(shape);
    case 'reshape':
      return true;
    case 'transpose':
      return areWhole && reader.attributes.permutation[last] === last;
    case 'slice':
      return areWhole && reader.shape[last] === shape[last];
    default:
      return false;
  }
}
