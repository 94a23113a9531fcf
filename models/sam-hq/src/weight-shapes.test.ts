import { tinyVit } from '@samgpu/mobile-sam';
import { maskDecoder, vitB, vitH, vitL } from '@samgpu/sam';
import { openParityCase } from '@samgpu/testing';
import { describe, expect, test } from 'vitest';

import { checkShapes } from '../../sam/src/parity/check-shapes.ts';
import { fixture } from './parity/fixture.ts';
import { tinyVitWeightShapes, vitWeightShapes } from './weight-shapes.ts';

const small = { ...maskDecoder, imageSize: 256 };
const narrow = { width: 192, depth: 4, heads: 3, globalBlocks: [1, 3] };

describe('the shapes of weights', () => {
  test.each([
    ['hq_vit_192_256/landscape', vitWeightShapes(narrow, small)],
    ['hq_vit_b_256/decoder', vitWeightShapes(vitB, small)],
    ['hq_vit_tiny_256/portrait', tinyVitWeightShapes(tinyVit, small)],
  ])('are those of the official checkpoint of %s', async (path, shapes) => {
    checkShapes(shapes, await openParityCase(fixture(path)));
    expect(shapes.get('mask_decoder.hf_token.weight')).toEqual([1, 256]);
  });

  // What build_sam.py calls `vit_dim`.
  test.each([
    ['ViT-L', vitL, 1024],
    ['ViT-H', vitH, 1280],
  ] as const)('follow the width of %s', (_, encoder, width) => {
    const shapes = vitWeightShapes(encoder);
    expect(shapes.get('mask_decoder.compress_vit_feat.0.weight')).toEqual([width, 256, 2, 2]);
  });
});
