// Words to masks on a real network, with a real detector of plain colours.

import { rleIou } from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import { colorGrounder } from '@samgpu/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { brightnessVariant } from '../fixtures/brightness-variant.ts';
import type { PixelImage } from '../image-source/index.ts';
import { type EncodedImage, Segmenter } from '../segmenter/index.ts';
import type { GroundedBox, Grounder } from './grounder.ts';
import { segmentText } from './segment-text.ts';
import type { TextProgress } from './text-options.ts';

const RED = { x: 30, y: 40, width: 80, height: 90 };
const BLUE = { x: 160, y: 100, width: 70, height: 60 };
const SECOND_RED = { x: 180, y: 20, width: 50, height: 50 };

/** Grey with coloured rectangles; a hole that is transparent red shows white. */
function scene(channels: 3 | 4 = 3): PixelImage {
  const [width, height] = [260, 200];
  const data = new Uint8Array(width * height * channels).fill(128);
  const fill = (box: typeof RED, color: readonly number[]): void => {
    for (let y = box.y; y < box.y + box.height; y++) {
      for (let x = box.x; x < box.x + box.width; x++) data.set(color, (y * width + x) * channels);
    }
  };
  if (channels === 4) for (let i = 3; i < data.length; i += 4) data[i] = 255;
  const opaque = channels === 4 ? [255] : [];
  fill(RED, [205, 45, 45, ...opaque]);
  fill(SECOND_RED, [205, 45, 45, ...opaque]);
  fill(BLUE, [45, 70, 205, ...opaque]);
  if (channels === 4) fill({ x: 5, y: 5, width: 20, height: 20 }, [205, 45, 45, 0]);
  return { width, height, channels, data };
}

function boxes(...list: readonly GroundedBox[]): Grounder {
  return { name: 'boxes', ground: () => Promise.resolve(list) };
}

let segmenter: Segmenter;
let image: EncodedImage;

beforeAll(async () => {
  segmenter = await Segmenter.load(nano, { backend: 'onnx' });
  image = await segmenter.encode(scene());
});

afterAll(() => segmenter.dispose());

describe('segmentText', () => {
  test('finds what the words name, with labels and both scores', async () => {
    const told: TextProgress[] = [];
    const { masks, timings } = await image.segmentText(' red thing, blue thing ', {
      grounder: colorGrounder,
      onProgress: (progress) => told.push(progress),
    });
    expect(masks.map(({ label, box }) => ({ label, box }))).toEqual([
      { label: 'red thing', box: SECOND_RED },
      { label: 'red thing', box: RED },
      { label: 'blue thing', box: BLUE },
    ]);
    for (const { mask, box, score, boxScore } of masks) {
      // The filled box is the truth; nano draws outlines within a few pixels.
      const area = box.width * box.height;
      expect(mask.area / area).toBeGreaterThan(0.85);
      expect(mask.area / area).toBeLessThan(1.15);
      expect(mask.contains(box.x + box.width / 2, box.y + box.height / 2)).toBe(true);
      expect([mask.score, boxScore]).toEqual([score, 1]);
      expect(mask.logits).toBeDefined();
      expect(mask.cutout({ crop: true }).width).toBe(mask.bounds.width);
    }
    expect(told).toEqual([
      { stage: 'ground', boxes: 0, total: undefined },
      { stage: 'segment', boxes: 0, total: 3 },
      { stage: 'segment', boxes: 3, total: 3 },
    ]);
    expect(timings.ground).toBeGreaterThan(0);
  });

  test('gives the masks that the boxes give by themselves', async () => {
    const [found] = (await image.segmentText('blue', { grounder: colorGrounder })).masks;
    const { mask } = await image.segment({ box: BLUE });
    expect(found!.mask.toRle()).toEqual(mask.toRle());
    expect(found!.score).toBe(mask.score);
  });

  test('finds nothing where nothing is', async () => {
    expect((await image.segmentText('green', { grounder: colorGrounder })).masks).toEqual([]);
  });

  test('the grounder sees an opaque picture', async () => {
    using transparent = await segmenter.encode(scene(4));
    const { masks } = await transparent.segmentText('red', { grounder: colorGrounder });
    expect(masks.map(({ box }) => box)).toEqual([SECOND_RED, RED]);
    expect(transparent.pixels.channels).toBe(4);
  });

  test('duplicates go: boxes nearly the same, and parts of what was found', async () => {
    const grounder = boxes(
      { box: RED, score: 0.5, label: 'cup' },
      { box: { ...RED, x: RED.x + 2, width: RED.width - 2 }, score: 0.9, label: 'Cup' },
      // Half of it: another box, whose mask lies within the first.
      { box: { ...RED, height: RED.height / 2 }, score: 0.3, label: 'cup' },
      { box: BLUE, score: 0.2, label: 'cup' },
    );
    const { masks } = await image.segmentText('cup', { grounder });
    expect(masks.map(({ boxScore }) => boxScore)).toEqual([0.9, 0.2]);
  });

  test('the same thing under two names is found once, as the surer one', async () => {
    const grounder = boxes(
      { box: RED, score: 0.4, label: 'animal' },
      { box: RED, score: 0.6, label: 'dog' },
    );
    const { masks } = await image.segmentText('dog. animal.', { grounder });
    expect(masks.map(({ label }) => label)).toEqual(['dog']);
    const all = await image.segmentText('dog. animal.', { grounder, maskNmsThreshold: 1 });
    expect(all.masks.map(({ label }) => label)).toEqual(['dog', 'animal']);
    expect(rleIou(all.masks[0]!.mask.toRle(), all.masks[1]!.mask.toRle())).toBe(1);
  });

  test('parts stay if they are wanted, and those of another name do', async () => {
    const part = { x: RED.x, y: RED.y, width: RED.width, height: RED.height / 3 };
    const whole = { box: RED, score: 0.6, label: 'cup' };
    const same = boxes(whole, { box: part, score: 0.5, label: 'cup' });
    const other = boxes(whole, { box: part, score: 0.5, label: 'rim' });
    const count = async (grounder: Grounder, nestedThreshold = 0.9) =>
      (await image.segmentText('cup', { grounder, nestedThreshold })).masks.length;
    expect([await count(same), await count(same, 1), await count(other)]).toEqual([1, 2, 2]);
  });

  test('many boxes go through in batches, the surest first, up to the most objects', async () => {
    const grid = Array.from({ length: 150 }, (_, i): GroundedBox => ({
      box: { x: (i % 15) * 17, y: Math.floor(i / 15) * 19, width: 15, height: 17 },
      score: (150 - i) / 150,
      label: `cell ${i}`,
    }));
    const totals: number[] = [];
    const { masks } = await image.segmentText('cells', {
      grounder: boxes(...grid),
      maxObjects: 100,
      onProgress: ({ stage, boxes }) => {
        if (stage === 'segment') totals.push(boxes);
      },
    });
    expect(totals).toEqual([0, 64, 100]);
    expect(masks.length).toBeGreaterThan(3);
    expect(masks.length).toBeLessThanOrEqual(100);
    const scores = masks.map(({ boxScore }) => boxScore);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(Math.min(...scores)).toBeGreaterThan(50 / 150);
  });

  test('an abort ends it', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const asked = image.segmentText('red', {
      grounder: colorGrounder,
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage === 'segment') controller.abort(reason);
      },
    });
    await expect(asked).rejects.toBe(reason);
  });

  test('what it cannot do it says', async () => {
    const grounder = colorGrounder;
    const codeOf = (run: Promise<unknown>) =>
      run.then(
        () => 'none',
        (error: { code: string }) => error.code,
      );
    expect(await codeOf(image.segmentText('  ', { grounder }))).toBe('no-words');
    expect(await codeOf(image.segmentText('red', {} as { grounder: Grounder }))).toBe(
      'invalid-option',
    );
    for (const options of [{ minScore: 2 }, { maxObjects: 0 }, { nestedThreshold: Number.NaN }]) {
      expect(await codeOf(image.segmentText('red', { grounder, ...options }))).toBe(
        'invalid-option',
      );
    }
    const boxless = {
      variant: brightnessVariant(),
      readPixels: () => Promise.reject(new Error('not wanted')),
      segment: () => Promise.reject(new Error('not wanted')),
      pixels: () => scene(),
    };
    expect(await codeOf(segmentText(boxless, 'red', { grounder }))).toBe('unsupported-prompt');
    const other = await segmenter.encode(scene());
    other.dispose();
    expect(await codeOf(other.segmentText('red', { grounder }))).toBe('disposed');
  });
});
