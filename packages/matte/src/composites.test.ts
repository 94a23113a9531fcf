/** Mattes of pictures whose alpha is known, beside the mask that they were made of. */
import { distanceTransform, Mask, type PixelSource } from '@samgpu/mask';
import {
  type Composite,
  type CompositeOptions,
  hardCases,
  makeComposite,
  matteCases,
  type MatteRatio,
  matteRatio,
} from '@samgpu/testing/composites';
import { describe, expect, test } from 'vitest';

import { matte } from './index.ts';

const BAND = 12;

function pictureOf({ width, height, image }: Composite): PixelSource {
  return { width, height, data: image };
}

function maskOf({ width, height, mask }: Composite): Mask {
  return Mask.fromBitmap({ width, height, data: mask.data }, { logits: mask.logits });
}

const made = new Map<string, Composite>();

/** Both methods get the same pictures. */
function compositeOf(options: CompositeOptions): Composite {
  const key = JSON.stringify(options);
  const composite = made.get(key) ?? makeComposite(options);
  made.set(key, composite);
  return composite;
}

/** Errors of a matte over those of the mask. */
async function ratio(options: CompositeOptions, method: 'fast' | 'best'): Promise<MatteRatio> {
  const composite = compositeOf(options);
  const { width, height, mask } = composite;
  const distance = distanceTransform({ width, height, data: mask.data }, { signed: true });
  const { alpha } = await matte(pictureOf(composite), maskOf(composite), { method });
  return matteRatio(composite, distance.map(Math.abs), BAND, alpha);
}

async function meanRatio(cases: readonly CompositeOptions[], method: 'fast' | 'best') {
  const ratios: MatteRatio[] = [];
  for (const options of cases) ratios.push(await ratio(options, method));
  const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
  return {
    each: ratios,
    mean: mean(ratios.map(({ mean }) => mean)),
    gradient: mean(ratios.map(({ gradient }) => gradient)),
  };
}

describe.each(['fast', 'best'] as const)('%s', (method) => {
  // The bar: both errors at least 40 % below those of the mask.
  test.each(Object.keys(matteCases))('%s', async (name) => {
    const { each, mean, gradient } = await meanRatio(matteCases[name]!, method);
    expect(mean).toBeLessThan(0.4);
    expect(gradient).toBeLessThan(0.2);
    for (const one of each) {
      expect(one.mean).toBeLessThan(0.6);
      expect(one.gradient).toBeLessThan(0.6);
    }
  });

  test('hard edges stay hard, and come closer to the truth', async () => {
    const { each } = await meanRatio(hardCases, method);
    for (const one of each) {
      expect(one.mean).toBeLessThan(0.5);
      expect(one.gradient).toBeLessThan(0.2);
    }
  });

  test('a mask that is exact but for its stairs does not become worse', async () => {
    for (const options of hardCases) {
      const composite = compositeOf(options);
      const { width, height, alpha: truth } = composite;
      const exact = Uint8Array.from(truth, (share) => (share >= 0.5 ? 1 : 0));
      const bitmap = { width, height, data: exact };
      const { alpha } = await matte(pictureOf(composite), bitmap, { method });
      const errorOf = (values: ArrayLike<number>, scale: number): number =>
        truth.reduce((sum, share, i) => sum + Math.abs(share - values[i]! * scale), 0);
      expect(errorOf(alpha, 1 / 255)).toBeLessThan(errorOf(exact, 1));
    }
  });
});
