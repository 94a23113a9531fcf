import {
  attention,
  conv2d,
  gelu,
  type Graph,
  interpret,
  linear,
  reshape,
  trace,
  type WeightInfo,
} from '@samgpu/graph';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { seededValues } from '@samgpu/testing';
import type { TextStore } from '@samgpu/weights';
import { afterEach, describe, expect, test } from 'vitest';

import { createWebGpuBackend, type WebGpuBackend, type WebGpuBackendOptions } from '../index.ts';

const gpu = await openTestDevice();

const manifest = new Map<string, WeightInfo>([
  ['conv.weight', { shape: [32, 16, 3, 3], dtype: 'f32' }],
  ['up.weight', { shape: [96, 32], dtype: 'f32' }],
  ['up.bias', { shape: [96], dtype: 'f32' }],
  ['down.weight', { shape: [32, 96], dtype: 'f32' }],
]);

/** A convolution, two products of which one occurs twice, an attention: four shapes. */
const graph: Graph = trace('small', { x: { shape: [1, 8, 8, 16] } }, manifest, ({ x }, w) => {
  let tokens = reshape(conv2d(x, w.at('conv'), { padding: 1 }), [1, 64, 32]);
  tokens = attention(tokens, tokens, tokens, { heads: 2 });
  tokens = linear(gelu(linear(tokens, w.at('up'))), w.at('down'));
  return { y: linear(gelu(linear(tokens, w.at('up'))), w.at('down')) };
});

function valuesOf(path: string): Float32Array {
  const { shape } = manifest.get(path)!;
  const count = shape.reduce((product, size) => product * size, 1);
  return seededValues(count, path.length).map((value) => value / 5);
}

/** One shape, for what does not depend on how many there are. */
const product: Graph = trace('product', { x: { shape: [9, 32] } }, manifest, ({ x }, w) => ({
  y: linear(x, w.at('up')),
}));

const weights = {
  tensors: manifest,
  fingerprint: 'tuning test',
  read: async (path: string) => new Uint8Array(valuesOf(path).buffer),
};

/** A store in memory that can be looked into. */
function mapStore(): TextStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get: async (name) => texts.get(name),
    set: async (name, text) => void texts.set(name, text),
  };
}

describe.skipIf(gpu === undefined)(`tuning${missingDevice()}`, () => {
  const backends: WebGpuBackend[] = [];
  async function open(options: WebGpuBackendOptions): Promise<WebGpuBackend> {
    const backend = await createWebGpuBackend(options);
    backends.push(backend);
    return backend;
  }
  afterEach(() => backends.splice(0).forEach((backend) => backend.dispose()));

  test('finds a variant for each distinct shape, and later runs take it from the store', async () => {
    const tuningStore = mapStore();
    const backend = await open({ tuningStore });
    const labels: string[] = [];
    const { measurements, variants, adapter } = await backend.tune(graph, {
      repeats: 3,
      onProgress: ({ label }) => labels.push(label),
    });
    expect(measurements.map(({ kernel, count }) => [kernel, count])).toEqual([
      ['convolution', 1],
      ['attention', 1],
      ['linear', 2],
      ['linear', 2],
    ]);
    expect(labels[2]).toBe('linear f32 64x32x96');
    for (const { milliseconds, usual, variant, refused } of measurements) {
      expect(refused).toEqual([]);
      expect(milliseconds[usual]).toBeGreaterThan(0);
      expect(milliseconds[variant]).toBeLessThanOrEqual(milliseconds[usual]!);
    }
    expect(variants.adapters[adapter]).toHaveLength(4);
    // Plain data: it can be written to a file.
    expect(JSON.parse(JSON.stringify(variants))).toEqual(variants);

    const later = await open({ tuningStore });
    const again = await later.tune(graph);
    expect(again.measurements.map(({ note }) => note)).toEqual(
      Array.from({ length: 4 }, () => 'known from an earlier run'),
    );
    expect(again.variants).toEqual(variants);
  });

  test('what was found is run, gives the same numbers, and can be passed on', async () => {
    const { software } = await open({ tuning: 'off' });
    const other = software ? 'tiled-32' : 'software';
    const tuningStore = mapStore();
    const { variants, adapter } = await (await open({ tuningStore })).tune(graph, { repeats: 1 });
    // As if another variant had won here.
    const rules = variants.adapters[adapter]!.map((rule) =>
      rule.kernel === 'linear' ? ({ ...rule, variant: other } as const) : rule,
    );
    const backend = await open({
      tuning: 'off',
      variants: { ...variants, adapters: { [adapter]: rules } },
    });
    const x = { shape: [1, 8, 8, 16], data: seededValues(1024, 1) };
    const program = await backend.compile(graph, weights);
    const kernels = (await program.profile({ repeats: 1 })).map(({ kernel }) => kernel);
    expect(kernels.filter((label) => label.startsWith('linear'))).toHaveLength(4);
    expect(kernels.filter((label) => label.startsWith(`linear ${other} `))).toHaveLength(4);
    const { y } = await program.run({ x });
    const { data } = await y!.read();
    const expected = interpret(
      graph,
      { x: { shape: x.shape, data: Float64Array.from(x.data) } },
      valuesOf,
    );
    const { data: exact } = expected['y']!;
    const largest = Math.max(...exact.map(Math.abs));
    const worst = Math.max(...exact.map((value, at) => Math.abs(value - data[at]!)));
    // f32 sums of at most 144 terms, five layers deep.
    expect(worst).toBeLessThanOrEqual(5 * 144 * 2 ** -24 * largest);
  });

  test('missing shapes are measured before a graph is compiled; off keeps nothing', async () => {
    const tuningStore = mapStore();
    const off = await open({ tuning: 'off', tuningStore });
    await off.tune(product, { repeats: 1 });
    await off.compile(product, weights);
    expect(tuningStore.texts.size).toBe(0);
    const missing = await open({ tuning: 'missing', tuningStore });
    await missing.compile(product, weights);
    expect([...tuningStore.texts.values()][0]).toContain('"linear f32 9 32 96"');
  });

  test.each([
    ['no JSON', () => '{'],
    [
      'of another adapter',
      (text: string) => text.replace(/"adapter":"[^"]*"/, '"adapter":"other"'),
    ],
    ['of another format', (text: string) => text.replace('tuning 1', 'tuning 0')],
    [
      'with a variant that there is not',
      (text: string) => text.replaceAll(/"variant":"[^"]*"/g, '"variant":"x"'),
    ],
    ['no findings', (text: string) => text.replace('"findings"', '"other"')],
    [
      'of other kernels',
      (text: string) => text.replaceAll(/"fingerprint":"[^"]*"/g, '"fingerprint":"0"'),
    ],
  ])('a store whose text is %s costs measuring again, and is mended', async (_, damage) => {
    const tuningStore = mapStore();
    await (await open({ tuningStore })).tune(product, { repeats: 1 });
    const [[name, text]] = [...tuningStore.texts] as [[string, string]];
    tuningStore.texts.set(name, damage(text));
    const { measurements } = await (await open({ tuningStore })).tune(product, { repeats: 1 });
    expect(measurements.filter(({ note }) => note !== undefined)).toEqual([]);
    const { measurements: mended } = await (
      await open({ tuningStore })
    ).tune(product, { repeats: 1 });
    expect(mended.filter(({ note }) => note === undefined)).toEqual([]);
  });

  test('a store that fails is no reason to fail', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('denied'));
    const backend = await open({ tuning: 'missing', tuningStore: { get: fail, set: fail } });
    const program = await backend.compile(product, weights);
    expect(program.graph).toBe(product);
  });

  test('it can be given up', async () => {
    const backend = await open({ tuning: 'off' });
    const abort = new AbortController();
    const reason = new Error('enough');
    const tuning = backend.tune(product, {
      signal: abort.signal,
      onProgress: () => abort.abort(reason),
    });
    await expect(tuning).rejects.toBe(reason);
  });

  test('without a clock of the device it waits for repetitions', async () => {
    const backend = await open({ limits: 'default', tuning: 'off' });
    const { measurements } = await backend.tune(product, { repeats: 1 });
    expect(measurements.every(({ milliseconds, usual }) => milliseconds[usual]! > 0)).toBe(true);
  });
});
