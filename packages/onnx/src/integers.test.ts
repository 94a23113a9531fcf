import {
  clamp,
  concat,
  expand,
  greaterOrEqual,
  interpret,
  less,
  maximum,
  minimum,
  pad,
  reshape,
  slice,
  sub,
  trace,
  transpose,
  where,
} from '@samgpu/graph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryWeights } from './fixtures/memory-weights.ts';
import { createOnnxBackend, type OnnxBackend, type RuntimeKind } from './index.ts';

// Runtimes have kernels for some element types only, so i32 is a question of its own.
describe.each<RuntimeKind>(['node', 'web'])('whole numbers on onnxruntime-%s', (runtime) => {
  let backend: OnnxBackend;
  beforeAll(async () => {
    backend = await createOnnxBackend({ runtime });
  });
  afterAll(() => backend.dispose());

  test('every operation that takes them', async () => {
    const graph = trace(
      'integers',
      { a: { shape: [2, 3], dtype: 'i32' }, b: { shape: [3], dtype: 'i32' } },
      new Map(),
      ({ a, b }, w) => ({
        sub: sub(a, b),
        maximum: maximum(a, b),
        minimum: minimum(a, 2),
        less: less(a, b),
        greaterOrEqual: greaterOrEqual(a, b),
        where: where(a, a, b),
        clamp: clamp(a, -1, 2),
        pad: pad(a, [1, 0], [0, 2], -9),
        concat: concat([a, reshape(b, [1, 3])], 0),
        slice: slice(a, 1, 1),
        expand: expand(b, [4, 3]),
        transpose: transpose(a, [1, 0]),
        constant: w.constant([7, -8], [2], 'i32'),
      }),
    );
    const inputs = {
      a: { shape: [2, 3], data: Int32Array.of(-5, 0, 2, 3, 7, -1) },
      b: { shape: [3], data: Int32Array.of(1, 0, 4) },
    };
    const program = await backend.compile(graph, new MemoryWeights({}));
    const results = await program.run(inputs);
    for (const [name, { shape, data }] of Object.entries(interpret(graph, inputs))) {
      const got = await results[name]!.read();
      expect({ name, shape: got.shape, data: [...got.data] }).toEqual({
        name,
        shape,
        data: [...data],
      });
    }
    program.dispose();
  });
});
