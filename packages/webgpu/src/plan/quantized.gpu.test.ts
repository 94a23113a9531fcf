/** Weights in 8 bits with a scale per channel: as they are for linear layers, as floats for the rest. */
import {
  add,
  conv2d,
  convTranspose2d,
  gelu,
  interpret,
  linear,
  mul,
  relu,
  trace,
} from '@samgpu/graph';
import { seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import {
  memorySource,
  openSafetensors,
  readFloat32,
  type TensorToWrite,
  writeSafetensors,
} from '@samgpu/weights';
import { describe, expect, test } from 'vitest';

import { createWebGpuBackend } from '../runtime/webgpu-backend.ts';

const gpu = await openTestDevice();

const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'point.weight': [12, 8, 1, 1],
  'conv.weight': [8, 12, 3, 3],
  'up.weight': [8, 5, 2, 2],
  'wide.weight': [29, 5],
  'narrow.weight': [5, 29],
};

function tensors(): (readonly [string, TensorToWrite])[] {
  return Object.entries(SHAPES).flatMap(([path, shape], seed) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const numbers = Int8Array.from(seededValues(count, seed), (value) => Math.round(127 * value));
    const channels = shape[path === 'up.weight' ? 1 : 0]!;
    const scales = seededValues(channels, 100 + seed).map((value) => (1.5 + value) / 400);
    const weight = { dtype: 'i8', shape, bytes: new Uint8Array(numbers.buffer) } as const;
    const bytes = new Uint8Array(scales.buffer);
    return [
      [path, weight] as const,
      [`${path}.scale`, { dtype: 'f32', shape: [channels], bytes }] as const,
    ];
  });
}

describe.skipIf(gpu === undefined)(`quantised weights${missingDevice()}`, () => {
  test.each(['adapter', 'default'] as const)('with the limits %s', async (limits) => {
    const metadata = [['samgpu.channel_axes', '{"up.weight":1}']] as const;
    const store = await openSafetensors(memorySource(writeSafetensors(tensors(), metadata)));
    const graph = trace('quantised', { x: { shape: [1, 6, 7, 8] } }, store.tensors, ({ x }, w) => {
      let y = gelu(conv2d(x, w.at('point')));
      y = conv2d(y, w.at('conv'), { padding: 1 });
      y = convTranspose2d(y, w.at('up'), { stride: 2 });
      y = add(y, linear(relu(linear(y, w.at('wide'))), w.at('narrow')));
      // Twice as folded beforehand, which takes the values.
      return { y: mul(linear(y, { weight: mul(w.tensor('wide.weight'), 2) }), 0.5) };
    });
    const values = new Map<string, Float32Array>();
    for (const path of Object.keys(SHAPES)) values.set(path, await readFloat32(store, path));

    const backend = await createWebGpuBackend({ limits, tuning: 'off' });
    try {
      const program = await backend.compile(graph, store);
      const data = seededValues(336, 7);
      const { y } = await program.run({ x: { shape: [1, 6, 7, 8], data } });
      const { data: got } = await y!.read();
      const x = { shape: [1, 6, 7, 8], data: Float64Array.from(data) };
      const exact = interpret(graph, { x }, (path) => values.get(path)!)['y']!.data;
      const largest = Math.max(...exact.map(Math.abs));
      const worst = Math.max(...exact.map((value, at) => Math.abs(value - got[at]!)));
      // Six layers, each with sums of at most 108 terms in f32.
      expect(worst).toBeLessThanOrEqual(6 * 108 * 2 ** -24 * largest);

      // As the kernels read them, padded to multiples of four: linear ones in bytes with their
      // scales, the others in floats.
      const linearBytes = 8 * 12 + 4 * 12 + 8 * 32 + 4 * 32 + 32 * 8 + 4 * 8;
      const floatBytes = 4 * (9 * 12 * 8 + 4 * 8 * 8 + 8 * 32);
      const constantBytes = 16;
      expect(program.memory.weightsBytes).toBe(linearBytes + floatBytes + constantBytes);
    } finally {
      backend.dispose();
    }
  });
});
