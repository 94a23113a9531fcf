import { elementCount } from '@samgpu/graph';
import { describe, expect, test } from 'vitest';

import { type ImageEncoderConfig, maskDecoder, vitB, vitH, vitL } from './config.ts';
import { weightShapes } from './weight-shapes.ts';

describe('weightShapes', () => {
  test('follows the sizes of a network', () => {
    const encoder: ImageEncoderConfig = {
      width: 192,
      depth: 4,
      heads: 3,
      globalBlocks: [1, 3],
      window: 7,
    };
    const shapes = weightShapes(encoder, { ...maskDecoder, imageSize: 256 });
    expect(shapes.get('image_encoder.pos_embed')).toEqual([1, 16, 16, 192]);
    expect(shapes.get('image_encoder.blocks.0.attn.rel_pos_h')).toEqual([13, 64]);
    expect(shapes.get('image_encoder.blocks.1.attn.rel_pos_h')).toEqual([31, 64]);
  });

  // Counted in the official models, by the description of their outputs that lies in ../shared.
  test.each([
    ['ViT-B', vitB, 314, 93_735_728],
    ['ViT-L', vitL, 482, 312_343_088],
    ['ViT-H', vitH, 594, 641_090_864],
  ] as const)('has the tensors and elements of %s', (_, encoder, tensors, elements) => {
    const shapes = weightShapes(encoder, maskDecoder);
    const sum = [...shapes.values()].reduce((total, shape) => total + elementCount(shape), 0);
    expect([shapes.size, sum]).toEqual([tensors, elements]);
  });
});
