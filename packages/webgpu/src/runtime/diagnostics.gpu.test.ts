import {
  add,
  div,
  exp,
  linear,
  log,
  relu,
  sub,
  trace,
  type WeightInfo,
  type WeightStore,
} from '@samgpu/graph';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterEach, describe, expect, test } from 'vitest';

import { createWebGpuBackend, type WebGpuBackend, WebGpuError } from '../index.ts';

const gpu = await openTestDevice();

const tensors = new Map<string, WeightInfo>([
  ['layers.0.weight', { shape: [32, 32], dtype: 'f32' }],
  ['layers.1.weight', { shape: [32, 32], dtype: 'f32' }],
]);
const store: WeightStore = {
  tensors,
  fingerprint: 'ones',
  read: async () => new Uint8Array(new Float32Array(1024).fill(1 / 32).buffer),
};

const graph = trace('diagnosed', { x: { shape: [4, 32] } }, tensors, ({ x }, w) => {
  const first = relu(linear(x, w.at('layers.0')));
  return { y: add(exp(linear(log(first), w.at('layers.1'))), 1) };
});

const inputOf = (value: number): Record<string, { shape: number[]; data: Float32Array }> => ({
  x: { shape: [4, 32], data: new Float32Array(128).fill(value) },
});

describe.skipIf(gpu === undefined)(`diagnostics${missingDevice()}`, () => {
  let backend: WebGpuBackend | undefined;
  afterEach(() => {
    backend?.dispose();
    backend = undefined;
  });

  test('debug mode gives the same results where all is well', async () => {
    backend = await createWebGpuBackend({ debug: true });
    const program = await backend.compile(graph, store);
    const { y } = await program.run(inputOf(2));
    const { data } = await y!.read();
    expect(data).toHaveLength(128);
    // relu(2), log and exp undo each other, then 1; exp and log round a few times.
    expect(Math.max(...data.map((value) => Math.abs(value - 3)))).toBeLessThan(3e-6);
  });

  test('debug mode names the first operation that makes a NaN', async () => {
    backend = await createWebGpuBackend({ debug: true });
    const nan = trace('nan', { x: { shape: [4, 32] } }, tensors, ({ x }, w) => {
      // 0 / 0 where x is 1.
      const shifted = sub(linear(x, w.at('layers.0')), 1);
      return { y: linear(div(shifted, shifted), w.at('layers.1')) };
    });
    const program = await backend.compile(nan, store);
    await program.run(inputOf(3));
    const error: unknown = await program.run(inputOf(1)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WebGpuError);
    expect((error as WebGpuError).code).toBe('not-a-number');
    expect((error as WebGpuError).message).toMatch(
      /^"layers.0 binary" \(node \d+, kernel binary div .*element 0/,
    );
  });

  test.each(['adapter', 'default'] as const)(
    'a profile has every kernel, with limits: %s',
    async (limits) => {
      backend = await createWebGpuBackend({ limits });
      const program = await backend.compile(graph, store);
      const profile = await program.profile({ inputs: inputOf(2), repeats: 2 });
      expect(profile.map(({ label }) => label)).toEqual([
        'layers.0 linear',
        'layers.0 unary',
        'layers.1 linear',
        'layers.1 binary',
      ]);
      // Without its optional features a device has no clock.
      const clock = limits === 'adapter' ? 'timestamp' : 'repetition';
      expect(profile.map((entry) => entry.clock)).toEqual(profile.map(() => clock));
      expect(profile[0]!.flops).toBe(2 * 4 * 32 * 32);
      expect(profile.every(({ milliseconds }) => milliseconds >= 0)).toBe(true);
      const shares = profile.reduce((sum, { share }) => sum + share, 0);
      expect(shares).toBeCloseTo(1, 6);
    },
  );

  test('memory is what the plan says', async () => {
    backend = await createWebGpuBackend();
    const { memory } = await backend.compile(graph, store);
    // Two weights of 4 KiB, the constant 1; two values of 512 bytes at a time.
    expect(memory).toEqual({
      weightsBytes: 2 * 4096 + 16,
      arenaBytes: 2 * 512,
      inputBytes: 512,
      outputBytes: 512,
    });
  });
});
