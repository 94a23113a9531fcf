import type { ParityCase } from '@samgpu/testing';
import { expect } from 'vitest';

import { isStored } from '../../../sam/src/parity/golden.ts';

/** Pixels whose logit is within 0.001 of the threshold may come out either way. */
export async function expectBits(
  golden: ParityCase,
  name: string,
  bits: ArrayLike<number>,
): Promise<void> {
  if (!isStored(golden, name)) {
    return;
  }
  const expected = await golden.masks(name);
  const described = golden.description['tensors'] as Readonly<
    Record<string, { readonly near_zero: Readonly<Record<string, number>> }>
  >;
  const differing = expected.bits.reduce(
    (sum, bit, index) => sum + (bit === bits[index] ? 0 : 1),
    0,
  );
  expect(bits).toHaveLength(expected.bits.length);
  expect(differing, `pixels of ${name}`).toBeLessThanOrEqual(described[name]!.near_zero['0.001']!);
}
