import { formulaTensor } from '@samgpu/testing';
import { describe, expect, test } from 'vitest';

import { type ImageEncoderConfig, maskDecoder, vitB, vitH, vitL } from './config.ts';
import { openFixture } from './parity/golden.ts';
import { attentionShapes, weightShapes, type WeightShapes } from './weight-shapes.ts';

/** What a case knows of the official `state_dict`. */
interface Checkpoint {
  readonly tensor_count: number;
  readonly element_count: number;
  readonly check: Readonly<Record<string, CheckedTensor>>;
}

interface CheckedTensor {
  readonly shape: readonly number[];
  readonly first4: readonly number[];
}

describe('weightShapes', () => {
  test.each([192, 240])('lists the checkpoint of the narrow network, width %i', async (width) => {
    const { description, formula } = await openFixture(`sam_vit_${width}_256/landscape`);
    const checkpoint = description['weights'] as Checkpoint;
    const encoder: ImageEncoderConfig = { width, depth: 4, heads: 3, globalBlocks: [1, 3] };
    const shapes = weightShapes(encoder, { ...maskDecoder, imageSize: 256 });
    expect(shapes.size).toBe(checkpoint.tensor_count);
    expect(elementCount(shapes)).toBe(checkpoint.element_count);
    const checked = Object.entries(checkpoint.check);
    expect(checked).toHaveLength(8);
    for (const [path, { shape, first4 }] of checked) {
      const values = formulaTensor(path, shape, formula);
      const got = { path, shape: shapes.get(path), first4: [...values.subarray(0, 4)] };
      expect(got).toEqual({ path, shape, first4 });
    }
  });

  // Counted in the official models, by the description of their outputs that lies in ../shared.
  test.each([
    ['ViT-B', vitB, 314, 93_735_728],
    ['ViT-L', vitL, 482, 312_343_088],
    ['ViT-H', vitH, 594, 641_090_864],
  ] as const)('has the tensors and elements of %s', (_, encoder, tensors, elements) => {
    const shapes = weightShapes(encoder, maskDecoder);
    expect(shapes.size).toBe(tensors);
    expect(elementCount(shapes)).toBe(elements);
  });

  test('lists the tensors that the cases of single modules name', async () => {
    const { description } = await openFixture('modules_sam');
    const checked = description['weights_check'] as Checkpoint['check'];
    const shapes = new Map([
      ...weightShapes(vitB, maskDecoder),
      ...attentionShapes({ width: 128, heads: 2, window: [12, 20] }, 'attention.d64'),
    ]);
    for (const [path, { shape }] of Object.entries(checked)) {
      expect({ path, shape: shapes.get(path) }).toEqual({ path, shape });
    }
  });
});

function elementCount(shapes: WeightShapes): number {
  return [...shapes.values()].reduce(
    (sum, shape) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
}
