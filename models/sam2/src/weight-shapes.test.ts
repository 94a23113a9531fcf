import { elementCount } from '@samgpu/graph';
import { describe, expect, test } from 'vitest';

import { hiera, sam2Config } from './config.ts';
import { weightShapes } from './weight-shapes.ts';

/** The matrix by which positions are encoded is stored but not learned. */
const FIXED = 2 * 128;

describe('weightShapes', () => {
  // The official README counts 38.9, 46, 80.8 and 224.4 million for 2.1, and tiny is 38,962,498.
  test.each([
    ['tiny', 471, 38_962_498],
    ['small', 519, 46_060_354],
    ['basePlus', 615, 80_850_178],
    ['large', 903, 224_446_642],
  ] as const)('has the tensors and parameters of %s', (size, tensors, parameters) => {
    const shapes = weightShapes(sam2Config(hiera[size], '2.1'));
    expect(shapes.size).toBe(tensors);
    const elements = [...shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
    expect(elements - FIXED).toBe(parameters);
  });

  test('2.0 lacks what 2.1 brought', () => {
    const old = weightShapes(sam2Config(hiera.tiny, '2.0'));
    const added = [...weightShapes(sam2Config(hiera.tiny, '2.1')).keys()].filter(
      (path) => !old.has(path),
    );
    expect(added).toEqual([
      'no_obj_embed_spatial',
      'obj_ptr_tpos_proj.weight',
      'obj_ptr_tpos_proj.bias',
    ]);
  });
});
