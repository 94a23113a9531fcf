// Official checkpoints, and those of transformers, of an HQ-SAM at reduced size.
import { fixturePath } from '@samgpu/parity/vitest';
import { FormulaWeightStore } from '@samgpu/testing';
import { maskDecoder } from '@samgpu/sam';
import { Segmenter } from 'samgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { huggingFaceCheckpoint } from '../../sam/src/fixtures/hugging-face-checkpoint.ts';
import {
  clickOn,
  safetensorsOf,
  SavedCheckpoints,
} from '../../sam/src/fixtures/saved-checkpoints.ts';
import { defineHqSam } from './define-hq-sam.ts';
import { hqVitB } from './hq-sam.ts';

const small = defineHqSam(
  { ...hqVitB, name: 'hq-small' },
  { width: 192, depth: 2, heads: 3, globalBlocks: [1] },
  { ...maskDecoder, imageSize: 256 },
);
const picture = fixturePath(import.meta.url, 'images/formula_200x150_11.png');
const weights = new FormulaWeightStore(small.weightShapes!(), { seed: 5 });

let files: SavedCheckpoints;
beforeAll(async () => {
  files = await SavedCheckpoints.create();
});
afterAll(() => files.remove());

describe('a checkpoint of HQ-SAM', () => {
  test('gives the same masks under official names and those of transformers', async () => {
    const official = await files.torch('official.pth', weights);
    const theirs = await files.safetensors('model.safetensors', huggingFaceCheckpoint(weights));
    for (const mode of ['summed', 'hq-only']) {
      const expected = await clickOn(picture, small, { weights: official }, { mode });
      expect(await clickOn(picture, small, { weights: theirs }, { mode })).toEqual(expected);
    }
  });

  test('answers with the best of three, and has no fourth', async () => {
    using segmenter = await Segmenter.load(small, { weights: await safetensorsOf(weights) });
    using image = await segmenter.encode(picture);
    const click = { points: [{ x: 100, y: 75 }] };
    const [best, alone] = await Promise.all([
      image.segment(click, { multimask: true }),
      image.segment(click, { multimask: true, mode: 'hq-only' }),
    ]);
    expect([best.masks.length, alone.masks.length]).toEqual([1, 1]);
    expect(alone.mask.score).toBe(best.mask.score);
    expect(alone.mask.logits!.data).not.toEqual(best.mask.logits!.data);
    await expect(image.segment(click, { multimask: 'all' })).rejects.toMatchObject({
      name: 'VariantError',
      code: 'unknown-answer',
    });
    await expect(image.segment(click, { mode: 'better' })).rejects.toThrow('"summed", "hq-only"');
  });

  test('of SAM is not taken for one', async () => {
    const shapes = Array.from(small.weightShapes!()).filter(([name]) => !name.includes('hf_'));
    const plain = new FormulaWeightStore(new Map(shapes), { seed: 5 });
    await expect(
      Segmenter.load(small, { weights: await safetensorsOf(plain) }),
    ).rejects.toMatchObject({ name: 'VariantError', code: 'unknown-weights' });
  });
});
