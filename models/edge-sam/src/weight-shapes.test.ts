import { elementCount } from '@samgpu/graph';
import { expect, test } from 'vitest';

import { maskDecoder, repVitM1 } from './config.ts';
import { weightShapes } from './weight-shapes.ts';

test('has the tensors and elements of the official checkpoint', () => {
  const shapes = weightShapes(repVitM1, maskDecoder);
  const sum = [...shapes.values()].reduce((total, shape) => total + elementCount(shape), 0);
  // Counted in the official model, by the description of its outputs that lies in ../shared.
  expect([shapes.size, sum]).toEqual([821, 9_629_466]);
});
