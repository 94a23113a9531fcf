import { formulaTensor, openParityCase, sharedPath } from '@samgpu/testing';
import { describe, expect, test } from 'vitest';

import { maskDecoder, repVitM1 } from './config.ts';
import { weightShapes } from './weight-shapes.ts';

const shapes = weightShapes(repVitM1, maskDecoder);

interface CheckedTensor {
  readonly shape: readonly number[];
  readonly first4: readonly number[];
}

test('has the tensors and elements of the official checkpoint', () => {
  const elements = [...shapes.values()].reduce(
    (sum, shape) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
  // Counted in the official model, by the description of its outputs that lies in ../shared.
  expect([shapes.size, elements]).toEqual([821, 9_629_466]);
});

const folder = sharedPath('parity', 'reduced', 'edge_sam_256', 'landscape');
describe.skipIf(folder === undefined)('weightShapes (needs ../shared)', () => {
  test('lists the tensors that the official case names', async () => {
    const { description, formula } = await openParityCase(folder!);
    const { check } = description['weights'] as {
      readonly check: Readonly<Record<string, CheckedTensor>>;
    };
    const checked = Object.entries(check);
    expect(checked).toHaveLength(12);
    for (const [path, { shape, first4 }] of checked) {
      const values = formulaTensor(path, shape, formula);
      const got = {
        path,
        shape: shapes.get(path),
        first4: [...values.subarray(0, first4.length)],
      };
      expect(got).toEqual({ path, shape, first4 });
    }
  });
});
