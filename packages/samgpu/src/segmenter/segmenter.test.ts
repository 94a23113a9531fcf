import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Mask, rleIou } from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import { openFileSource, openSafetensors } from '@samgpu/weights';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { EncodedImage } from './encoded-image.ts';
import type { Progress } from './progress.ts';
import type { Prompt } from './prompt.ts';
import { Segmenter } from './segmenter.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url)); // 600 x 400
const CLICK: Prompt = { points: [{ x: 300, y: 180 }] };

describe('loading', () => {
  test('reports progress and how long the parts took', async () => {
    const seen: Progress[] = [];
    using segmenter = await Segmenter.load(nano, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ stage: 'compile', loaded: 2, total: 2 });
    expect(Object.values(segmenter.timings).every((time) => time >= 0)).toBe(true);
    expect(segmenter.backend.reason).not.toBe('');
  });

  test('gives up when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('changed my mind'));
    await expect(Segmenter.load(nano, { signal })).rejects.toThrow('changed my mind');
  });

  describe('weights', () => {
    let folder: string;
    let bytes: Uint8Array<ArrayBuffer>;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'samgpu-weights-'));
      bytes = Uint8Array.from(await readFile(nano.weights.url));
    });
    afterAll(() => rm(folder, { recursive: true }));

    async function storedAs(name: string, content: Uint8Array): Promise<URL> {
      const path = join(folder, name);
      await writeFile(path, content);
      return new URL(`file://${path}`);
    }

    test('with one byte changed are refused by their hash', async () => {
      const changed = bytes.slice();
      changed[changed.length - 100]! ^= 1;
      const url = await storedAs('changed.safetensors', changed);
      await expect(
        Segmenter.load({ ...nano, weights: { ...nano.weights, url } }),
      ).rejects.toMatchObject({ name: 'WeightsError', code: 'checksum-mismatch' });
    });

    test('cut short are refused, with a hash and without', async () => {
      const url = await storedAs('short.safetensors', bytes.subarray(0, bytes.length - 1000));
      const variant = { ...nano, weights: { ...nano.weights, url } };
      await expect(Segmenter.load(variant)).rejects.toMatchObject({ name: 'WeightsError' });
      await expect(Segmenter.load(nano, { weights: url })).rejects.toMatchObject({
        name: 'WeightsError',
      });
    });

    test('of another model are told by the names of their tensors', async () => {
      const header = '{"other.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
      const file = new Uint8Array(8 + header.length + 4);
      new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
      file.set(new TextEncoder().encode(header), 8);
      await expect(Segmenter.load(nano, { weights: file })).rejects.toThrow(
        'these are not weights of nano: got 1 tensors called other.weight, ' +
          'wanted encoder.stem1.conv.weight, decoder.out_tokens (official)',
      );
    });

    test('of the user can be bytes, a blob or a path', async () => {
      const path = fileURLToPath(nano.weights.url);
      for (const weights of [bytes, new Blob([bytes]), path]) {
        using segmenter = await Segmenter.load(nano, { weights });
        expect(segmenter.variant).toBe(nano);
      }
    });

    test('of the user can be a store, which stays open', async () => {
      const path = fileURLToPath(nano.weights.url);
      const weights = await openSafetensors(await openFileSource(path));
      const segmenter = await Segmenter.load(nano, { weights });
      segmenter.dispose();
      const [name] = weights.tensors.keys();
      await expect(weights.read(name!)).resolves.toBeInstanceOf(Uint8Array);
      await weights.close();
    });
  });
});

describe('segmenting a photograph', () => {
  let segmenter: Segmenter;
  let image: EncodedImage;
  beforeAll(async () => {
    segmenter = await Segmenter.load(nano);
    image = await segmenter.encode(PHOTO);
  });
  afterAll(() => {
    image.dispose();
    segmenter.dispose();
  });

  test('one click gives one mask at the size of the image, around the click', async () => {
    const { masks, mask } = await image.segment(CLICK);
    expect(masks).toEqual([mask]);
    expect([mask.width, mask.height]).toEqual([600, 400]);
    expect(mask.data[180 * 600 + 300]).toBe(1);
    expect(mask.area).toBeGreaterThan(5000);
    expect(mask.score).toBeGreaterThan(0);
  });

  test('several objects in one call are those of single calls', async () => {
    const prompts: Prompt[] = [
      CLICK,
      { box: { x: 170, y: 15, width: 240, height: 280 } },
      {
        points: [
          { x: 360, y: 285 },
          { x: 300, y: 100, label: 'exclude' },
        ],
      },
      { points: Array.from({ length: 9 }, (_, i) => ({ x: 180 + i * 25, y: 40 + i * 20 })) },
    ];
    const together = await image.segment(prompts);
    expect(together).toHaveLength(prompts.length);
    for (const [index, prompt] of prompts.entries()) {
      const { mask } = await image.segment(prompt);
      // Padding to a bucket changes nothing but the order of sums: pixels at the very threshold.
      expect(rleIou(mask.toRle(), together[index]!.mask.toRle())).toBeGreaterThan(0.9999);
      expect(together[index]!.mask.score).toBeCloseTo(mask.score, 5);
    }
  });

  test('more prompts than one run holds keep their order', async () => {
    const prompts = Array.from({ length: 70 }, (_, i): Prompt => ({
      points: [{ x: 30 + (i % 10) * 60, y: 30 + Math.floor(i / 10) * 50 }],
    }));
    const all = await image.segment(prompts);
    expect(all).toHaveLength(70);
    const last = await image.segment(prompts[69]!);
    expect(all[69]!.mask.score).toBeCloseTo(last.mask.score, 5);
  });

  test('no prompts give no results', async () => {
    expect(await image.segment([])).toEqual([]);
  });

  test('alternatives come best first', async () => {
    const { masks, mask } = await image.segment(CLICK, { multimask: true });
    expect(masks).toHaveLength(3);
    const scores = masks.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(mask).toBe(masks[0]);
  });

  test('connected keeps the piece under the click', async () => {
    const whole = (await image.segment(CLICK)).mask;
    const { mask } = await image.segment(CLICK, { connected: true });
    expect(mask.area).toBeLessThanOrEqual(whole.area);
    expect(mask.data[180 * 600 + 300]).toBe(1);
    expect(mask.data.every((value, index) => value <= whole.data[index]!)).toBe(true);
  });

  test('a mask can be corrected: by its logits, or painted by hand', async () => {
    const first = (await image.segment(CLICK)).mask;
    const correction = {
      points: [...CLICK.points!, { x: 560, y: 380, label: 'exclude' as const }],
    };
    const fed = (await image.segment({ ...correction, mask: first })).mask;
    const bare = (await image.segment(correction)).mask;
    expect(fed.score).not.toBeCloseTo(bare.score, 6);

    const painted = Mask.fromBitmap(first);
    const repainted = (await image.segment({ ...CLICK, mask: painted })).mask;
    // A cell of the logits is 6 pixels wide here, so an outline comes back changed a little.
    expect(rleIou(repainted.toRle(), first.toRle())).toBeGreaterThan(0.8);
    // A mask alone is a prompt, too.
    expect((await image.segment({ mask: painted })).mask.area).toBeGreaterThan(0);
  });

  test('a box that covers everything, one pixel, or hangs over the edge is fine', async () => {
    for (const box of [
      { x: 0, y: 0, width: 600, height: 400 },
      { x: 300, y: 200, width: 1, height: 1 },
      { x: 500, y: 300, width: 500, height: 500 },
    ]) {
      expect((await image.segment({ box })).mask.width).toBe(600);
    }
  });

  test.each<[string, Prompt, string, string]>([
    ['nothing', {}, 'SegmenterError', 'empty-prompt'],
    ['a point outside', { points: [{ x: 600, y: 10 }] }, 'PromptError', 'outside-image'],
    ['NaN', { points: [{ x: Number.NaN, y: 10 }] }, 'PromptError', 'not-finite'],
    ['a box of no area', { box: { x: 5, y: 5, width: 0, height: 9 } }, 'PromptError', 'no-area'],
    [
      'a mask of another image',
      { mask: { width: 2, height: 2, data: new Uint8Array(4) } },
      'SegmenterError',
      'wrong-mask',
    ],
    [
      'two thousand points',
      { points: Array.from({ length: 2000 }, () => ({ x: 1, y: 1 })) },
      'SegmenterError',
      'too-many-points',
    ],
  ])('%s as a prompt is refused', async (_, prompt, name, code) => {
    await expect(image.segment(prompt)).rejects.toMatchObject({ name, code });
    // One bad prompt in a list fails the call before anything runs.
    await expect(image.segment([CLICK, prompt])).rejects.toMatchObject({ name, code });
  });

  test('refuses what a model does not understand', async () => {
    const positiveOnly = {
      ...nano,
      capabilities: { ...nano.capabilities, excludePoints: false, previousMask: false },
    };
    using limited = await Segmenter.load(positiveOnly);
    using encoded = await limited.encode(image.pixels);
    await expect(
      encoded.segment({ points: [{ x: 1, y: 1, label: 'exclude' }], mask: new Mask2x2() }),
    ).rejects.toThrow('nano does not take points to exclude and previous masks');
  });

  test('gives up when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(image.segment(CLICK, { signal })).rejects.toThrow('enough');
    await expect(segmenter.encode(PHOTO, { signal })).rejects.toThrow('enough');
  });

  test('a picture of one pixel', async () => {
    using tiny = await segmenter.encode({
      width: 1,
      height: 1,
      channels: 3,
      data: Uint8Array.of(10, 200, 30),
    });
    const { mask } = await tiny.segment({ points: [{ x: 0, y: 0 }] });
    expect([mask.width, mask.height]).toEqual([1, 1]);
  });

  test('calls at the same time do not mix', async () => {
    const points = [60, 180, 300, 420, 540].map((x): Prompt => ({ points: [{ x, y: 200 }] }));
    const alone: number[] = [];
    for (const point of points) {
      alone.push((await image.segment(point)).mask.area);
    }
    const together = await Promise.all(points.map((point) => image.segment(point)));
    expect(together.map(({ mask }) => mask.area)).toEqual(alone);
  });
});

describe('after disposal', () => {
  test('using an image or a segmenter says what to do, masks stay', async () => {
    const segmenter = await Segmenter.load(nano);
    const image = await segmenter.encode(PHOTO);
    const { mask } = await image.segment(CLICK);
    image.dispose();
    image.dispose();
    await expect(image.segment(CLICK)).rejects.toMatchObject({ code: 'disposed' });
    segmenter.dispose();
    segmenter.dispose();
    await expect(segmenter.encode(PHOTO)).rejects.toMatchObject({ code: 'disposed' });
    expect(mask.cutout().data).toHaveLength(600 * 400 * 4);
  });
});

class Mask2x2 {
  readonly width = 2;
  readonly height = 2;
  readonly data: Uint8Array = new Uint8Array(4);
}
