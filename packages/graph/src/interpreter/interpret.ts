/**
 * The definition of every operation, in float64: small, slow and meant to be obviously right.
 *
 * It is the reference that backends are compared with. It reads shapes from the graph and trusts
 * them, because tracing has checked them.
 */
import { GraphError } from '../graph-error.ts';
import type { Graph, GraphNode, NodeId, OperationName } from '../node.ts';
import type { HostValue } from '../runtime.ts';
import { elementCount, formatShape } from '../shape.ts';
import type { NumericArray } from './array.ts';
import { attention, layerNorm, linear, matmul, softmax } from './linear.ts';
import { conv2d, convTranspose2d } from './convolution.ts';
import { binary, cast, clamp, unary, where } from './elementwise.ts';
import { gridAttention } from './grid-attention.ts';
import { rotary } from './rotary.ts';
import { concat, expand, gather, pad, reshape, slice, transpose } from './layout.ts';
import { pool2d, reduce, resize } from './spatial.ts';

/** Operations that compute something from operands, as opposed to bringing values in. */
export type ComputedOperation = Exclude<OperationName, 'input' | 'weight' | 'constant'>;

const DEFINITIONS: {
  readonly [Name in ComputedOperation]: (
    node: GraphNode<Name>,
    inputs: readonly NumericArray[],
  ) => NumericArray;
} = {
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

/** The values of weights by checkpoint path, as floats. */
export type WeightValues = (path: string) => ArrayLike<number>;

/**
 * Runs a graph in float64.
 *
 * @param inputs - one value for each input of the graph
 * @param weights - the elements of a weight, row-major
 * @returns one array for each output of the graph
 * @throws GraphError for inputs that are missing or do not have the traced shape
 */
export function interpret(
  graph: Graph,
  inputs: Readonly<Record<string, HostValue | NumericArray>>,
  weights: WeightValues = noWeights,
): Record<string, NumericArray> {
  const values = new Map<NodeId, NumericArray>();
  const lastUse = lastUses(graph);
  for (const node of graph.nodes) {
    values.set(node.id, evaluate(node, values, inputs, weights));
    for (const used of node.inputs) {
      if (lastUse.get(used) === node.id) {
        values.delete(used);
      }
    }
  }
  const outputs: Record<string, NumericArray> = {};
  for (const [name, id] of graph.outputs) {
    outputs[name] = valueOf(values, id);
  }
  return outputs;
}

function evaluate(
  node: GraphNode,
  values: ReadonlyMap<NodeId, NumericArray>,
  inputs: Readonly<Record<string, HostValue | NumericArray>>,
  weights: WeightValues,
): NumericArray {
  switch (node.operation) {
    case 'input':
      return inputValue(node, inputs[node.attributes.name]);
    case 'constant':
      return { shape: node.shape, data: Float64Array.from(node.attributes.data) };
    case 'weight':
      return sized(node, node.attributes.path, Float64Array.from(weights(node.attributes.path)));
    default: {
      // The table maps each name to a definition for that very node type.
      const define = DEFINITIONS[node.operation] as (
        node: GraphNode,
        inputs: readonly NumericArray[],
      ) => NumericArray;
      return define(
        node,
        node.inputs.map((id) => valueOf(values, id)),
      );
    }
  }
}

function inputValue(
  node: GraphNode<'input'>,
  value: HostValue | NumericArray | undefined,
): NumericArray {
  const { name } = node.attributes;
  if (value === undefined) {
    throw new GraphError(
      'interpret',
      `input "${name}" is missing, wanted ${node.dtype} ${formatShape(node.shape)}`,
    );
  }
  if (formatShape(value.shape) !== formatShape(node.shape)) {
    throw new GraphError(
      'interpret',
      `input "${name}" has shape ${formatShape(value.shape)}, wanted ${formatShape(node.shape)}`,
    );
  }
  const array = sized(node, name, Float64Array.from(value.data));
  if (node.dtype === 'i32') {
    const wrong = array.data.find((element) => !Number.isInteger(element));
    if (wrong !== undefined) {
      throw new GraphError('interpret', `input "${name}" holds ${wrong}, wanted i32`);
    }
  }
  return array;
}

function sized(node: GraphNode, name: string, data: Float64Array): NumericArray {
  if (data.length !== elementCount(node.shape)) {
    throw new GraphError(
      'interpret',
      `"${name}" has ${data.length} elements, wanted ${elementCount(node.shape)} for ${formatShape(node.shape)}`,
    );
  }
  return { shape: node.shape, data };
}

function valueOf(values: ReadonlyMap<NodeId, NumericArray>, id: NodeId): NumericArray {
  const value = values.get(id);
  if (value === undefined) {
    throw new RangeError(`node ${id} has no value yet: the graph is not in running order`);
  }
  return value;
}

// Frees what no later node reads, so that whole encoders fit in memory.
function lastUses(graph: Graph): Map<NodeId, NodeId> {
  const last = new Map<NodeId, NodeId>();
  for (const node of graph.nodes) {
    for (const used of node.inputs) {
      last.set(used, node.id);
    }
  }
  for (const id of graph.outputs.values()) {
    last.set(id, Number.POSITIVE_INFINITY);
  }
  return last;
}

function noWeights(path: string): never {
  throw new GraphError('interpret', `weight "${path}" is needed, but no weights were given`);
}
