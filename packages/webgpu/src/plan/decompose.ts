/**
 * Takes apart what no kernel does in one piece: attention in windows with a learned bias, or with
 * padding and heads whose width is no multiple of four.
 *
 * What comes out is the definition of the operation in smaller ones: windows are cut out of padded
 * grids, scores are stored.
 */
import {
  type Graph,
  type GraphNode,
  nodeAt,
  type NodeId,
  type OperationName,
  type Operations,
} from '@samgpu/graph';

type GridAttention = GraphNode<'gridAttention'>;

/** The graph without operations that no kernel has; the same graph where there are none. */
export function decompose(graph: Graph): Graph {
  if (!graph.nodes.some((node) => node.operation === 'gridAttention' && needsParts(node, graph))) {
    return graph;
  }
  const rewriter = new Rewriter(graph);
  for (const node of graph.nodes) {
    if (node.operation === 'gridAttention' && needsParts(node, graph)) {
      rewriter.replace(node, attentionInParts(node, rewriter));
    } else {
      rewriter.keep(node);
    }
  }
  return rewriter.finish();
}

function needsParts({ inputs, attributes }: GridAttention, { nodes }: Graph): boolean {
  const { heads, grid, window, relative, bias } = attributes;
  const width = nodeAt(nodes, inputs[0]!).shape[2]! / heads;
  const valueWidth = nodeAt(nodes, inputs[2]!).shape[2]! / heads;
  const isPadded = grid.some((size, axis) => size % window[axis]! !== 0);
  const isOdd = width % 4 !== 0 || valueWidth % 4 !== 0;
  return !relative && (bias || (isOdd && isPadded));
}

/** Copies a graph, with other nodes in place of some. Positions are those of the new graph. */
class Rewriter {
  readonly nodes: GraphNode[] = [];
  private readonly graph: Graph;
  private readonly positions = new Map<NodeId, NodeId>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  position(old: NodeId): NodeId {
    return this.positions.get(old)!;
  }

  shapeOf(id: NodeId): readonly number[] {
    return this.nodes[id]!.shape;
  }

  keep(node: GraphNode): void {
    const id = this.nodes.length;
    this.nodes.push({ ...node, id, inputs: node.inputs.map((input) => this.position(input)) });
    this.positions.set(node.id, id);
  }

  replace(node: GraphNode, id: NodeId): void {
    this.positions.set(node.id, id);
  }

  add<Name extends OperationName>(
    operation: Name,
    inputs: readonly NodeId[],
    attributes: Operations[Name],
    shape: readonly number[],
    label: string,
  ): NodeId {
    const id = this.nodes.length;
    // The union of node types cannot be built from a generic name without saying so.
    this.nodes.push({ id, operation, inputs, attributes, shape, dtype: 'f32', label } as GraphNode);
    return id;
  }

  finish(): Graph {
    const moved = (places: ReadonlyMap<string, NodeId>): ReadonlyMap<string, NodeId> =>
      new Map([...places].map(([name, id]) => [name, this.position(id)]));
    const { name, inputs, outputs } = this.graph;
    return { name, nodes: this.nodes, inputs: moved(inputs), outputs: moved(outputs) };
  }
}

function attentionInParts(node: GridAttention, rewriter: Rewriter): NodeId {
  const { heads, scale, grid, window, ...has } = node.attributes;
  const { label } = node;
  const [query, key, value, ...rest] = node.inputs.map((id) => rewriter.position(id)) as [
    NodeId,
    NodeId,
    NodeId,
    ...NodeId[],
  ];
  const batch = rewriter.shapeOf(query)[0]!;
  const windows = window.map((size, axis) => Math.ceil(grid[axis]! / size)) as [number, number];
  const groups = batch * windows[0] * windows[1];
  const count = window[0] * window[1];
  const add = <Name extends OperationName>(
    operation: Name,
    inputs: readonly NodeId[],
    attributes: Operations[Name],
    shape: readonly number[],
  ): NodeId => rewriter.add(operation, inputs, attributes, shape, label);
  const number = (value: number): NodeId => add('constant', [], { data: [value] }, []);

  /** [batch, h * w, heads * d] to [windows, heads, tokens, d]; `filling` [heads * d] outside. */
  const cut = (tokens: NodeId, filling: NodeId | undefined): NodeId => {
    const width = rewriter.shapeOf(tokens)[2]!;
    const shape = [batch, grid[0], grid[1], width];
    let x = tokens;
    if (filling !== undefined) {
      x = add('binary', [x, filling], { kind: 'sub' }, rewriter.shapeOf(x));
    }
    x = add('reshape', [x], {}, shape);
    const padded = [batch, windows[0] * window[0], windows[1] * window[1], width];
    const after = padded.map((size, axis) => size - shape[axis]!);
    if (after.some((size) => size > 0)) {
      x = add('pad', [x], { before: [0, 0, 0, 0], after, value: 0 }, padded);
    }
    if (filling !== undefined) {
      x = add('binary', [x, filling], { kind: 'add' }, padded);
    }
    const d = width / heads;
    const parts = [batch, windows[0], window[0], windows[1], window[1], heads, d];
    x = add('reshape', [x], {}, parts);
    const permutation = [0, 1, 3, 5, 2, 4, 6];
    x = add(
      'transpose',
      [x],
      { permutation },
      permutation.map((axis) => parts[axis]!),
    );
    return add('reshape', [x], {}, [groups, heads, count, d]);
  };

  const [bias] = has.bias ? rest.splice(0, 1) : [];
  const [paddingKey, paddingValue] = has.padding ? rest : [];
  const q = cut(query, undefined);
  const k = cut(key, paddingKey);
  const v = cut(value, paddingValue);
  const scoreShape = [groups, heads, count, count];
  let scores = add('matmul', [q, k], { transposeB: true }, scoreShape);
  scores = add('binary', [scores, number(scale)], { kind: 'mul' }, scoreShape);
  if (bias !== undefined) {
    scores = add('binary', [scores, bias], { kind: 'add' }, scoreShape);
  }
  scores = add('softmax', [scores], {}, scoreShape);
  const dv = rewriter.shapeOf(value)[2]! / heads;
  let y = add('matmul', [scores, v], { transposeB: false }, [groups, heads, count, dv]);
  const parts = [batch, windows[0], windows[1], heads, window[0], window[1], dv];
  y = add('reshape', [y], {}, parts);
  const permutation = [0, 1, 4, 2, 5, 3, 6];
  y = add(
    'transpose',
    [y],
    { permutation },
    permutation.map((axis) => parts[axis]!),
  );
  const padded = [batch, windows[0] * window[0], windows[1] * window[1], heads * dv];
  y = add('reshape', [y], {}, padded);
  y = add('slice', [y], { starts: [0, 0, 0, 0] }, [batch, grid[0], grid[1], heads * dv]);
  return add('reshape', [y], {}, node.shape);
}
