import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { relu, trace } from '@samgpu/graph';
import { expect, test } from 'vitest';
import { createOnnxBackend } from './index.ts';
import { MemoryWeights } from './fixtures/memory-weights.ts';
import { writeOnnxFile } from './node.ts';

test('what the README shows runs', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const body = example.replaceAll(/^import .*$/gm, '').replace("'example.onnx'", 'path');
  const folder = await mkdtemp(join(tmpdir(), 'samgpu-onnx-'));
  const scope = {
    createOnnxBackend,
    writeOnnxFile,
    graph: trace('example', { tokens: { shape: [2] } }, new Map(), ({ tokens }) => ({
      hidden: relu(tokens),
    })),
    weights: new MemoryWeights({}),
    tokens: { shape: [2], data: Float32Array.of(3, -4) },
    path: join(folder, 'example.onnx'),
  };
  const names = Object.keys(scope).join();
  // The text of the README itself is what is to be run.
  // oxlint-disable-next-line no-implied-eval
  const run = new Function(`return async ({ ${names} }) => {${body}\nreturn data; }`)() as (
    given: typeof scope,
  ) => Promise<Float32Array>;
  expect([...(await run(scope))]).toEqual([3, 0]);
  expect((await readFile(scope.path)).byteLength).toBeGreaterThan(100);
  await rm(folder, { recursive: true });
});
