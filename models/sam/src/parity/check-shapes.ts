import type { ParityCase } from '@samgpu/testing';
import { formulaTensor } from '@samgpu/testing';
import { expect } from 'vitest';

import type { WeightShapes } from '../weight-shapes.ts';

/** What a case knows of the official `state_dict`. */
interface Checkpoint {
  readonly tensor_count: number;
  readonly element_count: number;
  readonly check: Readonly<Record<string, CheckedTensor>>;
}

interface CheckedTensor {
  readonly shape: readonly number[];
  readonly first4: readonly number[];
}

/** Shapes against a checkpoint: how many tensors and elements there are, and some of them closely. */
export function checkShapes(shapes: WeightShapes, { description, formula }: ParityCase): void {
  const checkpoint = description['weights'] as Checkpoint;
  expect(shapes.size).toBe(checkpoint.tensor_count);
  expect(elementCount(shapes)).toBe(checkpoint.element_count);
  for (const [path, { shape, first4 }] of Object.entries(checkpoint.check)) {
    const values = formulaTensor(path, shape, formula);
    const got = { path, shape: shapes.get(path), first4: [...values.subarray(0, 4)] };
    expect(got).toEqual({ path, shape, first4 });
  }
}

export function elementCount(shapes: WeightShapes): number {
  return [...shapes.values()].reduce(
    (sum, shape) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  );
}
