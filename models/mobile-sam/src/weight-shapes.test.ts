import { openParityCase } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { checkShapes } from '../../sam/src/parity/check-shapes.ts';
import { tinyVit } from './config.ts';
import { fixture } from './parity/fixture.ts';
import { imageEncoderShapes, weightShapes } from './weight-shapes.ts';

test('lists the official checkpoint', async () => {
  const shapes = weightShapes(tinyVit);
  checkShapes(shapes, await openParityCase(fixture('mobile_sam_256/landscape')));
  expect(shapes.get('image_encoder.layers.2.downsample.conv2.c.weight')).toEqual([320, 1, 3, 3]);
});

test('lists the tensors that the cases of single modules name', async () => {
  const { description } = await openParityCase(fixture('modules_tinyvit'));
  const checked = description['weights_check'] as Readonly<
    Record<string, { readonly shape: readonly number[] }>
  >;
  const shapes = imageEncoderShapes(tinyVit);
  expect(Object.keys(checked)).toHaveLength(8);
  for (const [path, { shape }] of Object.entries(checked)) {
    expect({ path, shape: shapes.get(path) }).toEqual({ path, shape });
  }
});
