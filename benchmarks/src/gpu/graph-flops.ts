import { axisSize, elementCount, type Graph, type GraphNode, nodeAt } from '@samgpu/graph';

/** Multiplications and additions of the products in a graph; what is elementwise is not counted. */
export function graphFlops(graph: Graph): number {
  return graph.nodes.reduce((sum, node) => sum + nodeFlops(graph, node), 0);
}

function nodeFlops(graph: Graph, node: GraphNode): number {
  const operand = (index: number): readonly number[] =>
    nodeAt(graph.nodes, node.inputs[index] ?? 0).shape;
  const outputs = elementCount(node.shape);
  switch (node.operation) {
    case 'linear':
    case 'matmul':
      return 2 * outputs * axisSize(operand(0), -1);
    case 'conv2d':
      return 2 * outputs * elementCount(operand(1).slice(1));
    case 'convTranspose2d':
      return 2 * elementCount(operand(0)) * elementCount(operand(1).slice(1));
    case 'attention':
      return 2 * axisSize(operand(1), 1) * (elementCount(operand(0)) + outputs);
    case 'gridAttention': {
      const { grid, window } = node.attributes;
      const tiles = Math.ceil(grid[0] / window[0]) * Math.ceil(grid[1] / window[1]);
      const positions = window[0] * window[1];
      const widths = axisSize(operand(0), 2) + axisSize(node.shape, 2);
      return 2 * axisSize(node.shape, 0) * tiles * positions * positions * widths;
    }
    default:
      return 0;
  }
}
