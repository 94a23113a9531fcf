import type { CompositeOperation, Graph, GraphNode, OperationName } from '@samgpu/graph';
import { ELEMENT_OF_DATA } from '../format/element-type.ts';
import { attention } from './lower-attention.ts';
import { conv2d, convTranspose2d, pool2d } from './lower-convolution.ts';
import { binary, cast, clamp, unary, where } from './lower-elementwise.ts';
import { concat, expand, gather, pad, reduce, reshape, slice, transpose } from './lower-layout.ts';
import { layerNorm, linear, matmul, softmax } from './lower-linear.ts';
import { resize } from './lower-resize.ts';
import { rotary } from './lower-rotary.ts';
import type { Lowered, Lowering } from './lowering.ts';

/** Other composites are rewritten before, and this one where it has no operator. */
type Written = Exclude<OperationName, Exclude<CompositeOperation, 'rotary'>>;

/** How each operation is written. One that is missing here does not compile. */
const LOWER: {
  readonly [Name in Written]: (node: GraphNode<Name>, lowering: Lowering) => Lowered;
} = {
  input,
  weight,
  constant,
  unary,
  binary,
  where,
  clamp,
  cast,
  matmul,
  linear,
  conv2d,
  convTranspose2d,
  layerNorm,
  softmax,
  attention,
  rotary,
  reshape,
  transpose,
  concat,
  slice,
  pad,
  expand,
  gather,
  reduce,
  resize,
  pool2d,
};

/** Writes every node of a graph, in order. */
export function lower(graph: Graph, lowering: Lowering): void {
  for (const node of graph.nodes) {
    // The table maps each name to a function of that very node type.
    const write = LOWER[node.operation as Written] as (
      node: GraphNode,
      lowering: Lowering,
    ) => Lowered;
    const { name, layout } = write(node, lowering);
    lowering.layouts.record(node.id, layout, name);
  }
}

/** Inputs keep their names, which were reserved for them. */
function input(node: GraphNode<'input'>): Lowered {
  return { name: node.attributes.name, layout: 'traced' };
}

function weight(node: GraphNode<'weight'>, { builder }: Lowering): Lowered {
  return { name: builder.weight({ ...node.attributes, shape: node.shape }), layout: 'traced' };
}

function constant(node: GraphNode<'constant'>, { builder }: Lowering): Lowered {
  const type = ELEMENT_OF_DATA[node.dtype];
  return { name: builder.constant(type, node.shape, node.attributes.data), layout: 'traced' };
}
