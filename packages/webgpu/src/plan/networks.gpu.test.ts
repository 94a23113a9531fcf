/**
 * Small networks against the interpreter, for what happens between operations: fusion, views,
 * concatenation in place, folding, weights of half precision. How many kernels each takes is part of
 * what is tested, since a fusion that does not happen is right as well.
 */
import {
  add,
  concat,
  cos,
  expand,
  gelu,
  interpret,
  linear,
  matmul,
  mul,
  relu,
  reshape,
  sigmoid,
  slice,
  split,
  type StoredType,
  sub,
  type Tensor,
  trace,
  transpose,
  type WeightInfo,
  type Weights,
  type WeightStore,
} from '@samgpu/graph';
import { MINIMAL_DEVICE } from '@samgpu/kernels';
import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { toFloat32 } from '@samgpu/weights';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createWebGpuBackend, type WebGpuBackend } from '../index.ts';
import { planProgram } from './plan-program.ts';

const gpu = await openTestDevice();

type Tensors = Readonly<Record<string, Tensor>>;

interface Network {
  readonly name: string;
  readonly kernels: number;
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly stored?: StoredType;
  build(x: Tensor, w: Weights): Tensors;
}

/** x is always [2, 6, 64]. */
const NETWORKS: readonly Network[] = [
  {
    name: 'a perceptron with a residual is one kernel per layer',
    kernels: 2,
    weights: { 'a.weight': [96, 64], 'a.bias': [96], 'b.weight': [64, 96], 'b.bias': [64] },
    build: (x, w) => ({ y: add(x, linear(gelu(linear(x, w.at('a'))), w.at('b'))) }),
  },
  {
    name: 'an activation after the residual, through a reshape',
    kernels: 1,
    weights: { 'a.weight': [64, 64] },
    build: (x, w) => {
      const rows = linear(reshape(x, [12, 64]), w.at('a'));
      return { y: relu(add(reshape(rows, [2, 6, 64]), x)) };
    },
  },
  {
    name: 'a result that is read twice is not fused away',
    kernels: 2,
    weights: { 'a.weight': [64, 64] },
    build: (x, w) => {
      const y = linear(x, w.at('a'));
      return { y, z: relu(y) };
    },
  },
  {
    name: 'a residual that broadcasts is not a residual',
    kernels: 2,
    weights: { 'a.weight': [64, 64], row: [64] },
    build: (x, w) => ({ y: add(linear(x, w.at('a')), w.tensor('row')) }),
  },
  {
    name: 'a product added to itself',
    kernels: 2,
    weights: { 'a.weight': [64, 64] },
    build: (x, w) => {
      const y = linear(x, w.at('a'));
      return { y: add(y, y) };
    },
  },
  {
    name: 'parts of a split are views',
    kernels: 3,
    weights: { 'a.weight': [48, 64] },
    build: (x, w) => {
      const [q, k, v] = split(linear(x, w.at('a')), 2, 3) as [Tensor, Tensor, Tensor];
      return { y: matmul(matmul(q, k, { transposeB: true }), v) };
    },
  },
  {
    name: 'heads are views until the last transposition',
    kernels: 3, // two products and a copy of the output
    build: (x) => {
      const heads = transpose(reshape(x, [2, 6, 4, 16]), [0, 2, 1, 3]);
      const scores = matmul(heads, heads, { transposeB: true });
      return { y: transpose(matmul(scores, heads), [0, 2, 1, 3]) };
    },
  },
  {
    name: 'a transposed factor on the right is a view',
    kernels: 1,
    build: (x) => ({ y: matmul(x, transpose(x, [0, 2, 1])) }),
  },
  {
    name: 'products of one matrix with many, and of many with one',
    kernels: 2,
    weights: { a: [64, 8], b: [3, 6] },
    build: (x, w) => ({ y: matmul(x, w.tensor('a')), z: matmul(w.tensor('b'), x) }),
  },
  {
    name: 'a transposed factor on the left is copied',
    kernels: 2,
    build: (x) => ({ y: matmul(transpose(x, [0, 2, 1]), x) }),
  },
  {
    name: 'a batch that repeats along one of two axes, and along two of three',
    kernels: 4, // the second product has both factors written out
    build: (x) => {
      const left = reshape(x, [2, 1, 6, 64]);
      const right = reshape(x, [1, 2, 6, 64]);
      const three = matmul(reshape(x, [2, 1, 2, 3, 64]), reshape(x, [1, 3, 1, 64, 4]));
      return { y: matmul(left, right, { transposeB: true }), three };
    },
  },
  {
    name: 'parts at offsets that can be bound are written in place',
    kernels: 3,
    build: (x) => {
      const row = slice(x, 0, 0, 1);
      return { y: concat([relu(row), sigmoid(row), gelu(row)], 1) };
    },
  },
  {
    name: 'parts that are read elsewhere or lie in between are copied',
    kernels: 5,
    build: (x) => {
      const shared = relu(x);
      return { y: concat([shared, sigmoid(x)], 2), z: sub(shared, x) };
    },
  },
  {
    name: 'what depends on weights alone is computed once, beforehand',
    kernels: 1,
    weights: { table: [6, 64] },
    build: (x, w) => ({ y: mul(x, cos(mul(w.tensor('table'), 3))) }),
  },
  {
    name: 'an expansion is a view',
    kernels: 1,
    weights: { row: [64] },
    build: (x, w) => ({ y: mul(x, expand(w.tensor('row'), [2, 6, 64])) }),
  },
  {
    name: 'outputs that are inputs, weights, views and twice the same',
    kernels: 2, // copies of the slice and of the expansion
    weights: { row: [64] },
    build: (x, w) => ({
      x,
      again: x,
      row: w.tensor('row'),
      part: slice(x, 2, 4, 20),
      whole: slice(x, 0, 1, 2),
      many: expand(w.tensor('row'), [3, 64]),
    }),
  },
  {
    name: 'half precision weights, also as operands of arithmetic',
    kernels: 2,
    stored: 'f16',
    weights: { 'a.weight': [33, 64], 'a.bias': [33], row: [33] },
    build: (x, w) => ({ y: mul(linear(x, w.at('a')), w.tensor('row')) }),
  },
  {
    name: 'half precision weights of bfloat16',
    kernels: 1,
    stored: 'bf16',
    weights: { 'a.weight': [32, 64], 'a.bias': [32] },
    build: (x, w) => ({ y: linear(x, w.at('a')) }),
  },
  {
    name: 'a weight that is computed is a factor like any other',
    kernels: 2,
    build: (x) => {
      const weight = reshape(slice(mul(x, 0.5), 0, 0, 1), [6, 64]);
      return { y: linear(x, { weight }) };
    },
  },
];

/** A store of seeded values, small enough for sums of them to stay near 1. */
function storeOf({ weights = {}, stored = 'f32' }: Network): WeightStore {
  const tensors = new Map<string, WeightInfo>();
  const bytes = new Map<string, Uint8Array>();
  for (const [index, [path, shape]] of Object.entries(weights).entries()) {
    tensors.set(path, { shape, dtype: stored });
    const count = shape.reduce((product, size) => product * size, 1);
    const values = seededValues(count, index + 1).map((value) => value / 8);
    bytes.set(path, encode(values, stored));
  }
  return { tensors, fingerprint: 'network', read: async (path) => bytes.get(path)! };
}

/** Any bit pattern will do for the halves, as long as both sides read the same. */
function encode(values: Float32Array, stored: StoredType): Uint8Array {
  if (stored === 'f32') {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = Uint16Array.from(bits, (word) => {
    const exponent = ((word >>> 23) & 0xff) - 127 + 15;
    const half = exponent <= 0 ? 0 : (exponent << 10) | ((word >>> 13) & 0x3ff);
    return stored === 'bf16' ? word >>> 16 : ((word >>> 16) & 0x8000) | half;
  });
  return new Uint8Array(halves.buffer);
}

describe.skipIf(gpu === undefined)(`networks on WebGPU${missingDevice()}`, () => {
  let backend: WebGpuBackend;
  beforeAll(async () => {
    backend = await createWebGpuBackend();
  });
  afterAll(() => backend.dispose());

  test.each(NETWORKS)('$name', async (network) => {
    const store = storeOf(network);
    const x = { shape: [2, 6, 64], data: seededValues(768, 99) };
    const graph = trace(network.name, { x: { shape: x.shape } }, store.tensors, ({ x }, w) =>
      network.build(x, w),
    );
    const program = await backend.compile(graph, store);
    const results = await program.run({ x });
    const values = new Map<string, Float32Array>();
    for (const [path, { dtype }] of store.tensors) {
      values.set(path, toFloat32(await store.read(path), dtype));
    }
    const expected = interpret(graph, { x }, (path) => values.get(path)!);
    for (const [name, { shape, data }] of Object.entries(expected)) {
      const got = await results[name]!.read();
      expect(got.shape).toEqual(shape);
      // Sums of up to 64 products, a few of them in a row, of values below 10.
      expectClose(got.data, data, { what: name, limit: 2e-5 });
    }
    program.dispose();
  });
});

test.each(NETWORKS)('$name: $kernels kernels', (network) => {
  const { tensors } = storeOf(network);
  const graph = trace(network.name, { x: { shape: [2, 6, 64] } }, tensors, ({ x }, w) =>
    network.build(x, w),
  );
  const { steps } = planProgram(graph, {
    kernels: MINIMAL_DEVICE,
    alignment: 256,
    storageBuffers: 8,
  });
  expect(steps.map(({ kernel }) => kernel.label)).toHaveLength(network.kernels);
});
