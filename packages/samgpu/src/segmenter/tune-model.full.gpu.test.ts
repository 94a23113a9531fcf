import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { Segmenter } from './segmenter.ts';
import { tuneModel } from './tune-model.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));
const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`tuning a model${missingDevice()}`, () => {
  test('finds variants once; segmenters that are given them find the same object', async () => {
    const texts = new Map<string, string>();
    const tuningStore = {
      get: async (name: string) => texts.get(name),
      set: async (name: string, text: string) => void texts.set(name, text),
    };
    const labels: string[] = [];
    const options = { webgpu: { tuningStore }, decoders: [] };
    const { graphs, variants, description } = await tuneModel(nano, {
      ...options,
      onTune: (graph, { label }) => labels.push(`${graph}: ${label}`),
    });
    expect(description).toMatch(/^webgpu, /);
    expect(graphs.map(({ name }) => name)).toEqual(['nano.encoder']);
    const shapes = graphs.flatMap(({ measurements }) => measurements);
    expect(shapes.length).toBeGreaterThan(3);
    expect(labels).toHaveLength(shapes.length);
    expect(shapes.flatMap(({ refused }) => refused)).toEqual([]);
    expect(texts.size).toBe(1);

    const again = await tuneModel(nano, options);
    expect(again.variants).toEqual(variants);
    expect(again.graphs.flatMap(({ measurements }) => measurements)).toEqual(
      shapes.map(({ milliseconds: _, ...shape }) => ({
        ...shape,
        milliseconds: {},
        note: 'known from an earlier run',
      })),
    );

    const masks = [];
    for (const webgpu of [{ variants }, { tuning: 'off' }] as const) {
      using segmenter = await Segmenter.load(nano, { backend: 'webgpu', webgpu });
      using image = await segmenter.encode(PHOTO);
      masks.push((await image.segment({ points: [{ x: 365, y: 290 }] })).mask);
    }
    const [tuned, usual] = masks;
    // Sums in another order move a logit by some 1e-5; of the pixels of a mask few are that close to 0.
    const apart = tuned!.data.reduce((sum, on, at) => sum + (on === usual!.data[at] ? 0 : 1), 0);
    expect(apart).toBeLessThanOrEqual(usual!.area / 1000);
    expect(tuned!.score).toBeCloseTo(usual!.score, 4);
  }, 180_000);
});
