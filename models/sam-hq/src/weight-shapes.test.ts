import { vitB, vitH, vitL } from '@samgpu/sam';
import { expect, test } from 'vitest';

import { vitWeightShapes } from './weight-shapes.ts';

// What build_sam.py calls `vit_dim`. The cases of whole networks count all tensors and elements.
test.each([
  ['ViT-B', vitB, 768],
  ['ViT-L', vitL, 1024],
  ['ViT-H', vitH, 1280],
] as const)('the shapes of weights follow the width of %s', (_, encoder, width) => {
  const shapes = vitWeightShapes(encoder);
  expect(shapes.get('mask_decoder.compress_vit_feat.0.weight')).toEqual([width, 256, 2, 2]);
  expect(shapes.get('mask_decoder.hf_token.weight')).toEqual([1, 256]);
});
