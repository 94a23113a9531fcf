import {
  add,
  exp,
  expand,
  type Graph,
  mul,
  trace,
  type WeightInfo,
  type WeightStore,
} from '@samgpu/graph';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterEach, describe, expect, test } from 'vitest';

import { createWebGpuBackend, type WebGpuBackend, WebGpuError } from '../index.ts';

const gpu = await openTestDevice();

const WEIGHT = Float32Array.from({ length: 64 }, (_, i) => i / 64);
const manifest = new Map<string, WeightInfo>([['scale', { shape: [64], dtype: 'f32' }]]);

/** A store that counts how often it is read. */
function countingStore(): WeightStore & { reads: number } {
  return {
    tensors: manifest,
    fingerprint: 'test',
    reads: 0,
    async read() {
      this.reads++;
      return new Uint8Array(WEIGHT.buffer);
    },
  };
}

/** y = x * scale + x, and z = x + 1. */
function smallGraph(name = 'small'): Graph {
  return trace(name, { x: { shape: [8, 64] } }, manifest, ({ x }, w) => ({
    y: add(mul(x, w.tensor('scale')), x),
    z: add(x, 1),
  }));
}

const X = Float32Array.from({ length: 512 }, (_, i) => Math.sin(i));
const x = { shape: [8, 64], data: X };
const expectedY = X.map((value, i) => value * WEIGHT[i % 64]! + value);

function expectNear(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(got[i]! - value)));
  // At most four roundings of values below 4, each by half of 2^-22.
  expect(worst).toBeLessThanOrEqual(4 * 2 ** -23);
}

/** The code of what a promise rejects with. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  return error instanceof WebGpuError ? error.code : String(error);
}

describe.skipIf(gpu === undefined)(`the WebGPU backend${missingDevice()}`, () => {
  let backend: WebGpuBackend | undefined;
  afterEach(() => {
    backend?.dispose();
    backend = undefined;
  });

  test('runs of one program that start together do not mix, and results outlive it', async () => {
    backend = await createWebGpuBackend();
    const program = await backend.compile(smallGraph(), countingStore());
    const inputs = [1, 2, 3, 4].map((factor) => X.map((value) => value * factor));
    const results = await Promise.all(
      inputs.map((data) => program.run({ x: { shape: [8, 64], data } })),
    );
    program.dispose();
    for (const [index, { y, z }] of results.entries()) {
      const read = await y!.read();
      expect(read.shape).toEqual([8, 64]);
      expectNear(
        read.data.map((value) => value / (index + 1)),
        expectedY,
      );
      expectNear(
        (await z!.read()).data,
        inputs[index]!.map((value) => value + 1),
      );
    }
  });

  test('values feed other programs without leaving the device', async () => {
    backend = await createWebGpuBackend();
    const store = countingStore();
    const first = await backend.compile(smallGraph(), store);
    const second = await backend.compile(smallGraph('second'), store);
    const { y } = await first.run({ x });
    const again = await second.run({ x: y! });
    expectNear(
      (await again['y']!.read()).data,
      expectedY.map((value, i) => value * WEIGHT[i % 64]! + value),
    );
    // The same value once more: its copy is on the device already.
    const once = await second.run({ x: y! });
    y!.dispose();
    expectNear(
      (await once['z']!.read()).data,
      expectedY.map((value) => value + 1),
    );
    expect(await codeOf(second.run({ x: y! }))).toBe('disposed');
  });

  test('programs with equal weights share one upload until the last is gone', async () => {
    backend = await createWebGpuBackend();
    const store = countingStore();
    const programs = await Promise.all([
      backend.compile(smallGraph('a'), store),
      backend.compile(smallGraph('b'), store),
    ]);
    expect(store.reads).toBe(1);
    programs.forEach((program) => program.dispose());
    const third = await backend.compile(smallGraph('c'), store);
    expect(store.reads).toBe(2);
    expectNear((await (await third.run({ x }))['y']!.read()).data, expectedY);
  });

  test('a program that needs more memory leaves those before it running', async () => {
    backend = await createWebGpuBackend();
    const small = await backend.compile(smallGraph(), countingStore());
    const large = await backend.compile(
      trace('large', { x: { shape: [300, 64] } }, manifest, ({ x }) => ({ y: exp(exp(x)) })),
      countingStore(),
    );
    const zeros = new Float32Array(300 * 64);
    const { y } = await large.run({ x: { shape: [300, 64], data: zeros } });
    expect((await y!.read()).data[7]).toBeCloseTo(Math.E, 5);
    expectNear((await (await small.run({ x }))['y']!.read()).data, expectedY);
  });

  test('a lost device is replaced, weights are read again, values of it are gone', async () => {
    backend = await createWebGpuBackend();
    const store = countingStore();
    const program = await backend.compile(smallGraph(), store);
    const { y } = await program.run({ x });
    const lost = backend.device;
    lost.destroy();
    await lost.lost;
    const { y: fresh } = await program.run({ x });
    expectNear((await fresh!.read()).data, expectedY);
    expect(backend.device).not.toBe(lost);
    expect(store.reads).toBe(2);
    expect(await codeOf(y!.read())).toBe('device-lost');
    expect(await codeOf(program.run({ x: y! }))).toBe('device-lost');
    y!.dispose();
  });

  test('a device that is lost during a run is replaced, and the run repeated', async () => {
    backend = await createWebGpuBackend();
    const program = await backend.compile(smallGraph(), countingStore());
    const running = program.run({ x });
    backend.device.destroy();
    const { y } = await running;
    expectNear((await y!.read()).data, expectedY);
  });

  test('the device of a caller is used, not destroyed and not replaced', async () => {
    const gpu = await createNodeGpu([]);
    const adapter = (await gpu.requestAdapter())!;
    const device = await adapter.requestDevice();
    backend = await createWebGpuBackend({ device });
    const program = await backend.compile(smallGraph(), countingStore());
    const { y } = await program.run({ x });
    expectNear((await y!.read()).data, expectedY);
    backend.dispose();
    const alive = await Promise.race([device.lost, Promise.resolve('alive')]);
    expect(alive).toBe('alive');

    backend = await createWebGpuBackend({ device });
    const second = await backend.compile(smallGraph(), countingStore());
    device.destroy();
    await device.lost;
    expect(await codeOf(second.run({ x }))).toBe('device-lost');
  });

  test('what was disposed of says so', async () => {
    backend = await createWebGpuBackend();
    const program = await backend.compile(smallGraph(), countingStore());
    const { y } = await program.run({ x });
    y!.dispose();
    y!.dispose();
    expect(await codeOf(y!.read())).toBe('disposed');
    program.dispose();
    program.dispose();
    expect(await codeOf(program.run({ x }))).toBe('disposed');
    backend.dispose();
    expect(await codeOf(backend.compile(smallGraph(), countingStore()))).toBe('disposed');
  });

  test('an aborted run rejects with the reason', async () => {
    backend = await createWebGpuBackend();
    const program = await backend.compile(smallGraph(), countingStore());
    const reason = new Error('enough');
    await expect(program.run({ x }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const running = program.run({ x }, { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    const { y } = await program.run({ x });
    expectNear((await y!.read()).data, expectedY);
  });

  test('inputs that do not fit are named with what was wanted', async () => {
    backend = await createWebGpuBackend();
    const other = await createWebGpuBackend();
    const program = await backend.compile(smallGraph(), countingStore());
    const foreign = await (await other.compile(smallGraph(), countingStore())).run({ x });
    for (const [inputs, message] of [
      [{}, 'input "x" is missing, wanted f32 [8, 64]'],
      [{ x, other: x }, 'there is no input "other"; inputs are: x'],
      [{ x: { shape: [64, 8], data: X } }, 'has shape [64, 8], wanted f32 [8, 64]'],
      [{ x: { shape: [8, 64], data: Int32Array.from(X) } }, 'is i32, wanted f32'],
      [{ x: { shape: [8, 64], data: X.subarray(1) } }, 'has 511 elements'],
      [{ x: foreign['y']! }, 'is a value of another backend'],
    ] as const) {
      await expect(program.run(inputs as never)).rejects.toThrow(message);
    }
    other.dispose();
  });

  test('weights that the store does not have are refused before anything is made', async () => {
    backend = await createWebGpuBackend();
    const empty = { ...countingStore(), tensors: new Map() };
    await expect(backend.compile(smallGraph(), empty)).rejects.toThrow(
      'needs the weight "scale" [64], and the store has no such tensor',
    );
    const short = { ...countingStore(), read: async () => new Uint8Array(8) };
    await expect(backend.compile(smallGraph(), short)).rejects.toThrow(
      'gave 2 elements of "scale", wanted 64',
    );
  });

  test('too much memory is a typed error with sizes', async () => {
    backend = await createWebGpuBackend({ limits: 'default' });
    const graph = trace('huge', { x: { shape: [1, 1] } }, new Map(), ({ x }) => ({
      // 144 MiB, more than the 128 MiB of a binding.
      y: exp(expand(x, [6144, 6144])),
    }));
    const error: unknown = await backend.compile(graph, countingStore()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WebGpuError);
    const { code, sizes } = error as WebGpuError;
    expect(code).toBe('unsupported');
    expect(sizes).toEqual({ got: 6144 * 6144 * 4, limit: 2 ** 27 });
    const input = trace('wide', { x: { shape: [6144, 6144] } }, new Map(), ({ x }) => ({ y: x }));
    await expect(backend.compile(input, countingStore())).rejects.toThrow(
      'input x takes 144.0 MiB',
    );
  });

  test('a compilation that is given up leaves nothing behind', async () => {
    backend = await createWebGpuBackend();
    const reason = new Error('enough');
    const store = countingStore();
    const early = backend.compile(smallGraph(), store, { signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
    expect(store.reads).toBe(0);
    const controller = new AbortController();
    const late = backend.compile(smallGraph(), store, { signal: controller.signal });
    controller.abort(reason);
    await expect(late).rejects.toBe(reason);
    const { y } = await (await backend.compile(smallGraph(), store)).run({ x });
    expectNear((await y!.read()).data, expectedY);
  });
});
