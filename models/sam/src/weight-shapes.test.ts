import { describe, expect, test } from 'vitest';

import { type ImageEncoderConfig, maskDecoder, vitB, vitH, vitL } from './config.ts';
import { checkShapes, elementCount } from './parity/check-shapes.ts';
import { openFixture } from './parity/golden.ts';
import { attentionShapes, weightShapes } from './weight-shapes.ts';

describe('weightShapes', () => {
  test.each([192, 240])('lists the checkpoint of the narrow network, width %i', async (width) => {
    const encoder: ImageEncoderConfig = { width, depth: 4, heads: 3, globalBlocks: [1, 3] };
    const shapes = weightShapes(encoder, { ...maskDecoder, imageSize: 256 });
    checkShapes(shapes, await openFixture(`sam_vit_${width}_256/landscape`));
    expect(shapes.get('image_encoder.pos_embed')).toEqual([1, 16, 16, width]);
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
    const checked = description['weights_check'] as Readonly<
      Record<string, { readonly shape: readonly number[] }>
    >;
    const shapes = new Map([
      ...weightShapes(vitB, maskDecoder),
      ...attentionShapes({ width: 128, heads: 2, window: [12, 20] }, 'attention.d64'),
    ]);
    for (const [path, { shape }] of Object.entries(checked)) {
      expect({ path, shape: shapes.get(path) }).toEqual({ path, shape });
    }
  });
});
