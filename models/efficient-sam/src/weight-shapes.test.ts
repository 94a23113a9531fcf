import { formulaTensor, openParityCase } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { maskDecoder, vitSmall, vitTiny } from './config.ts';
import { fixture } from './parity/fixture.ts';
import { weightShapes } from './weight-shapes.ts';

/** What a case knows of the official `state_dict`. */
interface Checkpoint {
  readonly tensor_count: number;
  readonly element_count: number;
  readonly check: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly first4: readonly number[] }>
  >;
}

function elementCount(shapes: ReadonlyMap<string, readonly number[]>): number {
  return [...shapes.values()].reduce(
    (sum, shape) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
}

test('lists the tensors of EfficientSAM-Ti', async () => {
  const { description, formula } = await openParityCase(
    fixture('efficient_sam_vitt_256/landscape'),
  );
  const checkpoint = description['weights'] as Checkpoint;
  const shapes = weightShapes(vitTiny, maskDecoder);
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

// Counted in the official model, by the description of its outputs that lies in ../shared.
test('has the tensors and elements of EfficientSAM-S', () => {
  const shapes = weightShapes(vitSmall, maskDecoder);
  expect([shapes.size, elementCount(shapes)]).toEqual([278, 26_413_284]);
});
