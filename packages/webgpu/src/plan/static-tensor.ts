/**
 * Tensors that are known when a program is made: weights, constants, and what is computed from them
 * alone. The latter are computed once, by the interpreter, and uploaded like weights.
 */
import {
  elementCount,
  type Graph,
  type GraphNode,
  interpret,
  nodeAt,
  type NodeId,
  type WeightStore,
} from '@samgpu/graph';
import { readFloat32 } from '@samgpu/weights';

import { WebGpuError } from '../webgpu-error.ts';

/** Elements of a static tensor. f16 stays as its 16 bits, int8 without its scales. */
export type StaticData =
  | { readonly type: 'f32'; readonly elements: Float32Array }
  | { readonly type: 'f16'; readonly elements: Uint16Array }
  | { readonly type: 'int8'; readonly elements: Int8Array }
  | { readonly type: 'i32'; readonly elements: Int32Array };

export interface StaticTensor {
  /** Equal for equal content, given stores of equal fingerprint. */
  readonly key: string;
  readonly shape: readonly number[];
  /** The type that `load` gives. */
  readonly type: StaticData['type'];
  /** For messages and labels: the checkpoint path, or the operation. */
  readonly label: string;
  /** What it is made of, where it is stored in 8 bits with a scale for each step of its first axis. */
  readonly quantized?: QuantizedParts;
  /** @throws WebGpuError `weights` */
  load(store: WeightStore): Promise<StaticData>;
}

export interface QuantizedParts {
  /** int8, of the tensor's shape. */
  readonly numbers: StaticTensor;
  /** f32, one for each step of the first axis. */
  readonly scales: StaticTensor;
}

// Folding happens on one JavaScript thread, in float64: some 10 million elements a second.
const LARGEST_RESULT = 2 ** 24;
const LARGEST_WORK = 2 ** 25;
/** Up to here a result may be larger than what it is computed from: tables of positions are. */
const LARGEST_GROWTH = 2 ** 20;

/**
 * Which nodes depend on no input and are small enough to be computed beforehand.
 *
 * Weights and constants are among them.
 */
export function staticNodes(graph: Graph): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  for (const node of graph.nodes) {
    if (node.operation === 'input') {
      continue;
    }
    const isSource = node.operation === 'weight' || node.operation === 'constant';
    if (isSource || (node.inputs.every((id) => found.has(id)) && isCheap(node, graph))) {
      found.add(node.id);
    }
  }
  return found;
}

function isCheap(node: GraphNode, graph: Graph): boolean {
  const count = elementCount(node.shape);
  const operands = node.inputs.map((id) => nodeAt(graph.nodes, id));
  const largest = Math.max(...operands.map(({ shape }) => elementCount(shape)));
  if (count > Math.max(LARGEST_GROWTH, largest) || largest > LARGEST_RESULT) {
    return false;
  }
  const isProduct = ['matmul', 'linear', 'conv2d', 'convTranspose2d', 'attention'].includes(
    node.operation,
  );
  return !isProduct || count * (operands[0]?.shape.at(-1) ?? 1) <= LARGEST_WORK;
}

/** A static node as a tensor to upload. */
export function staticTensor(graph: Graph, id: NodeId): StaticTensor {
  const node = nodeAt(graph.nodes, id);
  switch (node.operation) {
    case 'weight':
      return storedTensor(node);
    case 'constant':
      return constantTensor(node);
    default:
      return foldedTensor(graph, node);
  }
}

function storedTensor(node: GraphNode<'weight'>): StaticTensor {
  const { path, stored, scales } = node.attributes;
  const isQuantized = stored === 'i8' && scales?.axis === 0;
  return {
    key: `weight ${path}`,
    shape: node.shape,
    type: stored === 'f16' ? 'f16' : 'f32',
    label: path,
    ...(isQuantized && { quantized: quantizedParts(node, scales.path) }),
    async load(store) {
      if (stored !== 'f16') {
        const elements = await readFloat32(store, path);
        expectCount(path, elements.length, node.shape);
        return { type: 'f32', elements };
      }
      const bytes = await store.read(path);
      const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
      expectCount(path, bytes.byteLength / 2, node.shape);
      const elements = new Uint16Array(aligned.buffer, aligned.byteOffset, bytes.byteLength / 2);
      return { type: 'f16', elements };
    },
  };
}

function quantizedParts(
  { shape, attributes: { path } }: GraphNode<'weight'>,
  scales: string,
): QuantizedParts {
  return {
    numbers: {
      key: `numbers ${path}`,
      shape,
      type: 'int8',
      label: path,
      async load(store) {
        const { buffer, byteOffset, byteLength } = await store.read(path);
        expectCount(path, byteLength, shape);
        return { type: 'int8', elements: new Int8Array(buffer, byteOffset, byteLength) };
      },
    },
    scales: {
      key: `weight ${scales}`,
      shape: [shape[0]!],
      type: 'f32',
      label: scales,
      async load(store) {
        const elements = await readFloat32(store, scales);
        expectCount(scales, elements.length, [shape[0]!]);
        return { type: 'f32', elements };
      },
    },
  };
}

function expectCount(path: string, got: number, shape: readonly number[]): void {
  if (got !== elementCount(shape)) {
    throw new WebGpuError(
      'weights',
      `the store gave ${got} elements of "${path}", wanted ${elementCount(shape)} for [${shape.join(', ')}]`,
    );
  }
}

function constantTensor(node: GraphNode<'constant'>): StaticTensor {
  const { data } = node.attributes;
  const isInteger = node.dtype === 'i32';
  return {
    key: `constant ${node.dtype} ${data.join(' ')}`,
    shape: node.shape,
    type: isInteger ? 'i32' : 'f32',
    label: 'constant',
    load: async () =>
      isInteger
        ? { type: 'i32', elements: Int32Array.from(data) }
        : { type: 'f32', elements: Float32Array.from(data) },
  };
}

function foldedTensor(graph: Graph, node: GraphNode): StaticTensor {
  const part = subgraph(graph, node.id);
  const isInteger = node.dtype === 'i32';
  return {
    // JSON has no infinities, which clamp may hold.
    key: `folded ${JSON.stringify(part.nodes, (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    )}`,
    shape: node.shape,
    type: isInteger ? 'i32' : 'f32',
    label: node.label === '' ? node.operation : node.label,
    async load(store) {
      const weights = new Map<string, Float32Array>();
      for (const operand of part.nodes) {
        if (operand.operation === 'weight') {
          const { path } = operand.attributes;
          weights.set(path, await readFloat32(store, path));
        }
      }
      const { result } = interpret(part, {}, (path) => weights.get(path)!);
      return isInteger
        ? { type: 'i32', elements: Int32Array.from(result!.data) }
        : { type: 'f32', elements: Float32Array.from(result!.data) };
    },
  };
}

/** The graph that computes one node, renumbered. */
function subgraph(graph: Graph, root: NodeId): Graph {
  const needed = new Set<NodeId>([root]);
  for (let id = root; id >= 0; id--) {
    if (needed.has(id)) {
      nodeAt(graph.nodes, id).inputs.forEach((input) => needed.add(input));
    }
  }
  const positions = new Map([...needed].sort((a, b) => a - b).map((id, index) => [id, index]));
  const nodes = [...positions].map(([old, id]): GraphNode => {
    const node = nodeAt(graph.nodes, old);
    return { ...node, id, inputs: node.inputs.map((input) => positions.get(input)!) };
  });
  return {
    name: `${graph.name}, folded`,
    nodes,
    inputs: new Map(),
    outputs: new Map([['result', nodes.length - 1]]),
  };
}
