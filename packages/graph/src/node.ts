/**
 * The nodes of a graph: plain data, one entry per operation in `Operations`.
 *
 * Adding an operation means one entry here, one builder in `ops/` and one definition in
 * `interpreter/`; every backend's table is checked for completeness by the compiler.
 */
import type { ChannelScales, StoredType } from './weight-store.ts';

/** Element type of a value while the graph runs. Stored weights of any float type run as f32. */
export type DataType = 'f32' | 'i32';

export type UnaryKind =
  | 'abs'
  | 'bfloat16'
  | 'ceil'
  | 'cos'
  | 'exp'
  | 'floor'
  | 'gelu'
  | 'geluTanh'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'log'
  | 'neg'
  | 'reciprocal'
  | 'relu'
  | 'round'
  | 'sigmoid'
  | 'silu'
  | 'sin'
  | 'softplus'
  | 'sqrt'
  | 'tanh';

/** The comparisons give 1 or 0, as f32. */
export type BinaryKind =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'max'
  | 'min'
  | 'pow'
  | 'equal'
  | 'greater'
  | 'greaterOrEqual'
  | 'less'
  | 'lessOrEqual';

export type ResizeMode = 'nearest' | 'bilinear' | 'bicubic';
export type ReduceKind = 'sum' | 'mean' | 'max' | 'min';
export type PoolKind = 'max' | 'average';

type NoAttributes = Readonly<Record<string, never>>;

/** Attributes of every operation. Tensor operands are the node's `inputs`, in the order given here. */
export interface Operations {
  input: { readonly name: string };
  /** With `scales` it is quantised: its values are the stored numbers times those of their channel. */
  weight: { readonly path: string; readonly stored: StoredType; readonly scales?: ChannelScales };
  constant: { readonly data: readonly number[] };

  /** x */
  unary: { readonly kind: UnaryKind };
  /** a, b: shapes broadcast as in NumPy. */
  binary: { readonly kind: BinaryKind };
  /** condition (true where not 0), a, b: shapes broadcast. */
  where: NoAttributes;
  /** x */
  clamp: { readonly min: number; readonly max: number };
  /** x: f32 to i32 truncates towards zero. */
  cast: { readonly to: DataType };

  /** a [..., m, k], b [..., k, n] or, transposed, [..., n, k]: leading axes broadcast. */
  matmul: { readonly transposeB: boolean };
  /** x [..., in], weight [out, in], bias [out] if `bias`. */
  linear: { readonly bias: boolean };
  /** x [n, h, w, in], weight [out, in / groups, kh, kw], bias [out] if `bias`. */
  conv2d: {
    readonly stride: readonly [number, number];
    /** Zeros added at top, left, bottom, right. */
    readonly padding: readonly [number, number, number, number];
    readonly dilation: readonly [number, number];
    readonly groups: number;
    readonly bias: boolean;
  };
  /** x [n, h, w, in], weight [in, out, kh, kw], bias [out] if `bias`; no padding. */
  convTranspose2d: { readonly stride: readonly [number, number]; readonly bias: boolean };

  /** x [..., width], weight [width], bias [width]: normalised over the last axis. */
  layerNorm: { readonly epsilon: number };
  /** x: over the last axis. */
  softmax: NoAttributes;
  /**
   * query [batch, queries, heads * d], key [batch or 1, keys, heads * d],
   * value [batch or 1, keys, heads * dv], then keyBias [batch or 1, keys] if `keyBias`: added to
   * every score of its key. Key and value have the same batch; 1 is shared by all queries.
   */
  attention: { readonly heads: number; readonly scale: number; readonly keyBias: boolean };
  /**
   * query, key [batch, h * w, heads * d], value [batch, h * w, heads * dv]: tokens of a grid, which
   * attend within windows. Then, as far as the flags say: `relative` rows [2 * wh - 1, d] and columns
   * [2 * ww - 1, d]; `bias` [heads, wh * ww, wh * ww]; `padding` key [heads * d] and value
   * [heads * dv] of the positions that fill up windows past the right and bottom edge (else zeros).
   * Such positions are attended to like any other.
   */
  gridAttention: {
    readonly heads: number;
    readonly scale: number;
    readonly grid: readonly [height: number, width: number];
    /** As large as the grid where all attend to all. */
    readonly window: readonly [height: number, width: number];
    readonly relative: boolean;
    readonly bias: boolean;
    readonly padding: boolean;
  };

  /**
   * x [batch, tokens, heads * d], table [period, d]: (cos, sin) of each pair of elements of a head.
   * The first `rotated` tokens, a multiple of period, are turned; the rest are copied.
   */
  rotary: { readonly heads: number; readonly rotated: number };

  /** x: the same elements in the node's shape. */
  reshape: NoAttributes;
  /** x: output axis i is input axis permutation[i]. */
  transpose: { readonly permutation: readonly number[] };
  /** two or more tensors, equal but for `axis`. */
  concat: { readonly axis: number };
  /** x: the block of the node's shape that begins at `starts`. */
  slice: { readonly starts: readonly number[] };
  /** x: `before` and `after` constant elements per axis. */
  pad: {
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly value: number;
  };
  /** x: broadcast to the node's shape. */
  expand: NoAttributes;
  /** table [rows, ...], indices (i32, any shape): gives [...indices, ...]. */
  gather: NoAttributes;
  /** x */
  reduce: {
    readonly kind: ReduceKind;
    readonly axes: readonly number[];
    readonly keepAxes: boolean;
  };
  /** x [n, h, w, c]: half-pixel centres (align_corners = false), no antialiasing. */
  resize: { readonly mode: ResizeMode };
  /** x [n, h, w, c]: padding never wins a maximum and never counts in an average. */
  pool2d: {
    readonly kind: PoolKind;
    readonly size: readonly [number, number];
    readonly stride: readonly [number, number];
    readonly padding: readonly [number, number, number, number];
  };
}

export type OperationName = keyof Operations;

/** Position of a node in its graph; operands come before the nodes that use them. */
export type NodeId = number;

interface NodeOf<Name extends OperationName> {
  readonly id: NodeId;
  readonly operation: Name;
  readonly inputs: readonly NodeId[];
  readonly attributes: Operations[Name];
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** Where in the model the node stands: the checkpoint path of its weights, or ''. */
  readonly label: string;
}

/** A node of a given operation, or of any. */
export type GraphNode<Name extends OperationName = OperationName> = {
  [Key in Name]: NodeOf<Key>;
}[Name];

/** A network with fixed shapes, ready to be lowered by a backend or interpreted. */
export interface Graph {
  readonly name: string;
  /** In an order in which they can run: `nodes[i].id === i`. */
  readonly nodes: readonly GraphNode[];
  readonly inputs: ReadonlyMap<string, NodeId>;
  readonly outputs: ReadonlyMap<string, NodeId>;
}
