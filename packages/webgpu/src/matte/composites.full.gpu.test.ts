/** Mattes of a GPU on pictures whose alpha is known: within the limits of those of the CPU. */
import { distanceTransform, Mask } from '@samgpu/mask';
import { matte } from '@samgpu/matte';
import {
  type CompositeOptions,
  hardCases,
  makeComposite,
  matteCases,
  type MatteRatio,
  matteRatio,
} from '@samgpu/testing/composites';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterAll, describe, expect, test } from 'vitest';

import { createWebGpuBackend } from '../runtime/webgpu-backend.ts';

const BAND = 12;

/** A rasteriser takes some ten seconds for a picture, more where it shares its processors. */
const PATIENCE = 300_000;

const gpu = await openTestDevice();
const backend = gpu && (await createWebGpuBackend({ device: gpu.device }));
afterAll(() => backend?.dispose());

async function ratiosOf(
  cases: readonly CompositeOptions[],
  method: 'fast' | 'best',
): Promise<MatteRatio[]> {
  const ratios: MatteRatio[] = [];
  for (const options of cases) {
    const composite = makeComposite(options);
    const { width, height, image, mask } = composite;
    const bitmap = { width, height, data: mask.data };
    const { alpha } = await matte(
      { width, height, data: image },
      Mask.fromBitmap(bitmap, { logits: mask.logits }),
      { method, device: backend!.mattes },
    );
    const distance = distanceTransform(bitmap, { signed: true }).map(Math.abs);
    ratios.push(matteRatio(composite, distance, BAND, alpha));
  }
  return ratios;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe.skipIf(gpu === undefined)(
  `errors of mattes${missingDevice()}`,
  { timeout: PATIENCE },
  () => {
    describe.each(['fast', 'best'] as const)('%s', (method) => {
      test.each(Object.keys(matteCases))('%s', async (name) => {
        const ratios = await ratiosOf(matteCases[name]!, method);
        expect(mean(ratios.map((one) => one.mean))).toBeLessThan(0.4);
        expect(mean(ratios.map((one) => one.gradient))).toBeLessThan(0.2);
        for (const one of ratios) {
          expect(one.mean).toBeLessThan(0.6);
          expect(one.gradient).toBeLessThan(0.6);
        }
      });

      test('hard edges', async () => {
        for (const one of await ratiosOf(hardCases, method)) {
          expect(one.mean).toBeLessThan(0.5);
          expect(one.gradient).toBeLessThan(0.2);
        }
      });
    });
  },
);
