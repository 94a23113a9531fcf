import { fixturePath } from '@samgpu/parity/vitest';
import { FormulaWeightStore } from '@samgpu/testing';
import { Segmenter } from 'samgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { safetensorsOf } from '../../sam/src/fixtures/saved-checkpoints.ts';
import { maskDecoder, vitTiny } from './config.ts';
import { defineEfficientSam, efficientSamSmall, efficientSamTiny } from './efficient-sam.ts';

const small = defineEfficientSam(
  { ...efficientSamTiny, name: 'efficient-small' },
  { ...vitTiny, depth: 2 },
  { ...maskDecoder, imageSize: 256 },
);
const weights = new FormulaWeightStore(small.weightShapes!(), { seed: 5 });

describe('EfficientSAM', () => {
  let segmenter: Segmenter;
  beforeAll(async () => {
    segmenter = await Segmenter.load(small, { weights: await safetensorsOf(weights) });
  });
  afterAll(() => segmenter?.dispose());

  test('refuses what it never learned: points to exclude, and masks', async () => {
    using image = await segmenter.encode(
      fixturePath(import.meta.url, 'images/formula_200x150_11.png'),
    );
    const point = { x: 60, y: 40 };
    const { mask } = await image.segment({ points: [point] });
    for (const [prompt, what] of [
      [{ points: [point, { x: 9, y: 9, label: 'exclude' }] }, 'points to exclude'],
      [{ points: [point], mask }, 'previous masks'],
    ] as const) {
      await expect(image.segment(prompt)).rejects.toMatchObject({
        name: 'SegmenterError',
        code: 'unsupported-prompt',
        message: expect.stringContaining(`efficient-small does not take ${what}`),
      });
    }
  });

  test('a size is told from the other one', async () => {
    await expect(
      Segmenter.load(efficientSamSmall, { weights: await safetensorsOf(weights) }),
    ).rejects.toMatchObject({ name: 'VariantError', code: 'wrong-weights' });
  });
});
