export { outputChannelAxes } from './channel-axes.ts';
export { GraphError } from './graph-error.ts';
export type {
  BinaryKind,
  DataType,
  Graph,
  GraphNode,
  NodeId,
  OperationName,
  Operations,
  PoolKind,
  ReduceKind,
  ResizeMode,
  UnaryKind,
} from './node.ts';
export {
  type Backend,
  type CompileOptions,
  type DeviceValue,
  disposeValues,
  type HostValue,
  type Program,
  type RunOptions,
} from './runtime.ts';
export { type Replacement, type Replacements, rewrite } from './rewrite.ts';
export { type CompositeOperation, composites } from './composites/index.ts';
export { absorbProjections, optimize, shareBatch } from './optimize/index.ts';
export { axisSize, elementCount, formatShape, stridesOf } from './shape.ts';
export type { Tensor, TensorSpec } from './tensor.ts';
export { nodeAt, trace } from './trace.ts';
export type {
  ChannelScales,
  FilePlace,
  StoredType,
  WeightInfo,
  WeightManifest,
  WeightStore,
} from './weight-store.ts';
export { weightMismatch } from './weight-mismatch.ts';
export { Weights } from './weights.ts';

export { batchNorm, type BatchNormOptions, foldBatchNorm } from './ops/batch-norm.ts';
export { attention, REMOVED_KEY, type AttentionOptions } from './ops/attention.ts';
export {
  conv2d,
  convTranspose2d,
  type Conv2dOptions,
  type ConvolutionWeights,
  type ConvTranspose2dOptions,
  type PerAxis,
} from './ops/convolution.ts';
export {
  abs,
  add,
  bfloat16,
  cast,
  ceil,
  clamp,
  cos,
  div,
  equal,
  exp,
  floor,
  gelu,
  geluTanh,
  greater,
  greaterOrEqual,
  hardSigmoid,
  hardSwish,
  less,
  lessOrEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  pow,
  reciprocal,
  relu,
  round,
  sigmoid,
  silu,
  sin,
  softplus,
  sqrt,
  sub,
  tanh,
  where,
} from './ops/elementwise.ts';
export { gridAttention, type GridAttentionOptions } from './ops/grid-attention.ts';
export { concat, expand, gather, pad, reshape, slice, split, transpose } from './ops/layout.ts';
export { linear, type LinearWeights, matmul, type MatmulOptions } from './ops/matmul.ts';
export {
  layerNorm,
  type LayerNormOptions,
  type LayerNormWeights,
  softmax,
} from './ops/normalization.ts';
export { rotary, type RotaryOptions } from './ops/rotary.ts';
export {
  averagePool2d,
  maxPool2d,
  type PoolOptions,
  reduceMax,
  reduceMean,
  reduceMin,
  type ReduceOptions,
  reduceSum,
  resize,
} from './ops/spatial.ts';
export type { NumericArray } from './interpreter/array.ts';
export { type ComputedOperation, interpret, type WeightValues } from './interpreter/interpret.ts';
