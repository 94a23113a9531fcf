import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Graph, linear, trace } from '@samgpu/graph';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MemoryWeights } from '../fixtures/memory-weights.ts';
import { writeOnnxFile } from './write-onnx-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-onnx-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const weights = new MemoryWeights({
  'layer.weight': { shape: [20, 30], dtype: 'f16', values: [1, -2, 0.5] },
  'layer.bias': { shape: [20], dtype: 'f32', values: [3] },
});

const graph: Graph = trace('layer', { x: { shape: [1, 30] } }, weights.tensors, ({ x }, w) => ({
  y: linear(x, w.at('layer')),
}));

test.each([
  { externalData: false, files: ['model.onnx'] },
  { externalData: true, files: ['model.onnx', 'model.onnx.data'] },
])('ONNX Runtime opens what was written, external data: $externalData', async (expected) => {
  const path = join(folder, 'model.onnx');
  const written = await writeOnnxFile(graph, weights, path, {
    externalData: expected.externalData,
  });
  expect(written).toEqual(expected.files.map((file) => join(folder, file)));
  expect((await readdir(folder)).sort()).toEqual(expected.files);
  const session = await ort.InferenceSession.create(path);
  const { y } = await session.run({
    x: new ort.Tensor('float32', new Float32Array(30).fill(1), [1, 30]),
  });
  expect(y?.data[0]).toBe(3 + 10 * (1 - 2 + 0.5));
  await session.release();
});

test('what was there stays until the new file is complete', async () => {
  const path = join(folder, 'model.onnx');
  await writeFile(path, 'old');
  const failing = {
    tensors: weights.tensors,
    fingerprint: 'failing',
    read: (path: string) =>
      path.endsWith('bias') ? Promise.reject(new Error('unplugged')) : weights.read(path),
  };
  await expect(writeOnnxFile(graph, failing, path, { externalData: true })).rejects.toThrow(
    'unplugged',
  );
  expect(await readdir(folder)).toEqual(['model.onnx']);
  expect(await readFile(path, 'utf8')).toBe('old');
  await writeOnnxFile(graph, weights, path);
  expect((await readFile(path)).byteLength).toBeGreaterThan(1200);
});

test('an abort leaves nothing behind', async () => {
  const controller = new AbortController();
  const aborting = {
    tensors: weights.tensors,
    fingerprint: 'aborting',
    read: (path: string) => {
      controller.abort(new Error('enough'));
      return weights.read(path);
    },
  };
  const { signal } = controller;
  await expect(
    writeOnnxFile(graph, aborting, join(folder, 'model.onnx'), { signal }),
  ).rejects.toThrow('enough');
  expect(await readdir(folder)).toEqual([]);
});

test('a folder that does not exist is named', async () => {
  await expect(
    writeOnnxFile(graph, weights, join(folder, 'missing', 'model.onnx')),
  ).rejects.toMatchObject({ code: 'file', message: expect.stringContaining('missing') });
});
