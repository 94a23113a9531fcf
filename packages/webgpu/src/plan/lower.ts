import type { GraphNode, OperationName } from '@samgpu/graph';

import type { Abilities } from './fuse.ts';
import { binary, cast, clamp, unary, where } from './lower-elementwise.ts';
import { concat, pad, relayout } from './lower-layout.ts';
import { attention, gridAttention } from './lower-attention.ts';
import { conv2d, convTranspose2d } from './lower-convolution.ts';
import { matmul } from './lower-matmul.ts';
import { linear } from './lower-products.ts';
import { rotary } from './lower-rotary.ts';
import { gather, layerNorm, reduce, softmax } from './lower-rows.ts';
import { pool2d, resize } from './lower-spatial.ts';
import type { Planner } from './planner.ts';

/** How each operation is run. One that is missing here does not compile. */
const LOWER: {
  readonly [Name in OperationName]: (node: GraphNode<Name>, planner: Planner) => void;
} = {
  input: (node, planner) => planner.addInput(node),
  // Static tensors are uploaded when somebody reads them.
  weight: () => undefined,
  constant: () => undefined,
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
  gridAttention,
  rotary,
  reshape: relayout,
  transpose: relayout,
  slice: relayout,
  expand: relayout,
  concat,
  pad,
  gather,
  reduce,
  resize,
  pool2d,
};

/** Adds what a node does to a program. */
export function lower(node: GraphNode, planner: Planner): void {
  // The table maps each name to a function of that very node type.
  const write = LOWER[node.operation] as (node: GraphNode, planner: Planner) => void;
  write(node, planner);
}

export function abilitiesOf(node: GraphNode): Abilities {
  switch (node.operation) {
    case 'binary':
      return { activation: isArithmetic(node), residual: false };
    case 'matmul':
    case 'linear':
    case 'conv2d':
    case 'convTranspose2d':
      return { activation: true, residual: true };
    default:
      return { activation: false, residual: false };
  }
}

/** Comparisons may be of i32, whose kernel takes no activation, and give f32 all the same. */
function isArithmetic({ attributes, dtype }: GraphNode<'binary'>): boolean {
  return dtype === 'f32' && !/equal|greater|less/i.test(attributes.kind);
}
