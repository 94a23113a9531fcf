// Weights that a session maps from their file.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  add,
  type FilePlace,
  linear,
  matmul,
  reduceSum,
  trace,
  type WeightStore,
} from '@samgpu/graph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { createOnnxBackend } from './onnx-backend.ts';

// Large enough that a session does not take it as one model: 70 MB.
const WIDTH = 4200;
const memory = new MemoryWeights({
  'large.weight': { shape: [WIDTH, WIDTH], dtype: 'f32', values: [0.5, -1, 2, 0.25, -0.125] },
  'large.bias': { shape: [WIDTH], dtype: 'f32', values: [1, -3, 2] },
  half: { shape: [WIDTH, 8], dtype: 'f16', values: [0.5, 0.25, -1] },
  'quantized.weight': {
    shape: [WIDTH, 8],
    dtype: 'i8',
    values: [1, -127, 5],
    scales: { path: 'quantized.weight.scale', axis: 0 },
  },
  'quantized.weight.scale': { shape: [WIDTH], dtype: 'f32', values: [0.5, 2, 0.25, 1] },
  odd: { shape: [8, 40], dtype: 'f32', values: [3, 2, 1, -7] },
  elsewhere: { shape: [40, 16], dtype: 'f32', values: [1, 0.5] },
});

let folder: string;
let store: WeightStore & { readonly reads: readonly string[] };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-mapped-'));
  store = await storeIn(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** The first five behind each other in one file, one where elements are not aligned, one in another folder. */
async function storeIn(folder: string): Promise<typeof store> {
  const places = new Map<string, FilePlace>();
  const file = join(folder, 'weights file.bin');
  const pieces: Uint8Array[] = [];
  let offset = 0;
  const quantized = ['quantized.weight', 'quantized.weight.scale'];
  for (const path of ['large.weight', 'large.bias', 'half', ...quantized, 'odd']) {
    const bytes = await memory.read(path);
    const gap = path === 'odd' ? 3 : 24;
    pieces.push(new Uint8Array(gap), bytes);
    places.set(path, { file, offset: offset + gap, byteLength: bytes.byteLength });
    offset += gap + bytes.byteLength;
  }
  await writeFile(file, Buffer.concat(pieces));
  const bytes = await memory.read('elsewhere');
  const other = join(folder, 'other', 'weights.bin');
  await mkdir(join(folder, 'other'));
  await writeFile(other, bytes);
  places.set('elsewhere', { file: other, offset: 0, byteLength: bytes.byteLength });
  const reads: string[] = [];
  return {
    tensors: memory.tensors,
    fingerprint: 'mapped',
    reads,
    read(path) {
      reads.push(path);
      return memory.read(path);
    },
    filePlace: (path) => places.get(path),
  };
}

const graph = trace('mapped', { x: { shape: [2, WIDTH] } }, memory.tensors, ({ x }, w) => {
  const hidden = linear(x, w.at('large')); // [2, 4200]
  const narrow = matmul(hidden, w.tensor('half')); // [2, 8]
  const odd = matmul(narrow, w.tensor('odd')); // [2, 40]
  const wide = linear(narrow, w.at('quantized')); // [2, 4200]
  return { y: add(matmul(odd, w.tensor('elsewhere')), reduceSum(wide, 1, { keepAxes: true })) };
});
const x = {
  shape: [2, WIDTH],
  data: Float32Array.from({ length: 2 * WIDTH }, (_, i) => (i % 7) / 64 - 0.05),
};

async function outputWith(weights: WeightStore): Promise<number[]> {
  const backend = await createOnnxBackend({ runtime: 'node' });
  try {
    const program = await backend.compile(graph, weights);
    const { y } = await program.run({ x });
    return [...(await y!.read()).data];
  } finally {
    backend.dispose();
  }
}

test('gives what it gives with weights in memory, and reads only what cannot be mapped', async () => {
  const expected = await outputWith(memory);
  expect(new Set(expected).size).toBeGreaterThan(1);
  expect(await outputWith(store)).toEqual(expected);
  expect([...store.reads].sort()).toEqual(['elsewhere', 'odd']);
});

test('a file that was cut short is refused', async () => {
  const short = join(folder, 'short.bin');
  await writeFile(short, (await memory.read('large.weight')).subarray(0, 1000));
  const cut: WeightStore = {
    tensors: store.tensors,
    fingerprint: 'cut',
    read: (path) => memory.read(path),
    filePlace: (path) =>
      path === 'large.weight'
        ? { file: short, offset: 0, byteLength: 4 * WIDTH * WIDTH }
        : undefined,
  };
  await expect(outputWith(cut)).rejects.toMatchObject({ name: 'OnnxError', code: 'session' });
});
