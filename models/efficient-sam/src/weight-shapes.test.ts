import { elementCount } from '@samgpu/graph';
import { expect, test } from 'vitest';

import { maskDecoder, vitSmall, vitTiny } from './config.ts';
import { weightShapes } from './weight-shapes.ts';

// Counted in the official models, by the description of their outputs that lies in ../shared.
test.each([
  ['EfficientSAM-Ti', vitTiny, 278, 10_223_460],
  ['EfficientSAM-S', vitSmall, 278, 26_413_284],
] as const)('has the tensors and elements of %s', (_, encoder, tensors, elements) => {
  const shapes = weightShapes(encoder, maskDecoder);
  const sum = [...shapes.values()].reduce((total, shape) => total + elementCount(shape), 0);
  expect([shapes.size, sum]).toEqual([tensors, elements]);
});
