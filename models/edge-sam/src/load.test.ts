import { FormulaWeightStore } from '@samgpu/testing';
import { Segmenter } from 'samgpu';
import { describe, expect, test } from 'vitest';

import { safetensorsOf } from '../../sam/src/fixtures/saved-checkpoints.ts';
import { maskDecoder, repVitM1 } from './config.ts';
import { defineEdgeSam, edgeSam } from './edge-sam.ts';

describe('EdgeSAM', () => {
  test('without weights says whose they are, where to get them and how to pass them', async () => {
    await expect(Segmenter.load(edgeSam)).rejects.toMatchObject({
      name: 'SegmenterError',
      code: 'weights-needed',
      message: expect.stringMatching(
        /S-Lab License 1\.0.*non-commercial.*edge_sam_3x\.pth.*https:\/\/huggingface\.co\/spaces\/chongzhou\/EdgeSAM.*option weights/,
      ),
    });
  });

  test('gives one mask, three or four, scored by stability or prediction', async () => {
    const small = defineEdgeSam({ ...edgeSam, name: 'edge-small' }, repVitM1, {
      ...maskDecoder,
      imageSize: 256,
    });
    const weights = new FormulaWeightStore(small.weightShapes!(), { seed: 5 });
    using segmenter = await Segmenter.load(small, { weights: await safetensorsOf(weights) });
    const data = Uint8Array.from({ length: 60 * 40 * 3 }, (_, index) => (index * 37) % 251);
    using image = await segmenter.encode({ width: 60, height: 40, channels: 3, data });
    const click = { points: [{ x: 30, y: 20 }] };
    for (const [multimask, count] of [
      [false, 1],
      [true, 3],
      ['all', 4],
    ] as const) {
      const { masks } = await image.segment(click, { multimask });
      expect(masks).toHaveLength(count);
      for (const mask of masks) {
        // Both count logits above 1 and above -1.
        expect(mask.score).toBeCloseTo(mask.stability, 6);
      }
      const predicted = await image.segment(click, { multimask, mode: 'predicted' });
      expect(predicted.masks.map(({ score }) => score)).not.toEqual(
        masks.map(({ score }) => score),
      );
    }
  });
});
