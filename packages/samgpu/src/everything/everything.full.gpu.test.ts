/** Everything on our own kernels, beside ONNX Runtime. */
import { fileURLToPath } from 'node:url';

import { rleIou } from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { Segmenter } from '../segmenter/index.ts';
import type { FoundMask } from './found-mask.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));
const options = { pointsPerSide: 4, pointsPerBatch: 8 };

async function findOn(backend: 'webgpu' | 'onnx'): Promise<readonly FoundMask[]> {
  using segmenter = await Segmenter.load(nano, { backend });
  using image = await segmenter.encode(PHOTO);
  return (await image.segmentEverything(options)).masks;
}

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`WebGPU${missingDevice()}`, () => {
  test('finds the masks that ONNX Runtime finds', async () => {
    const [ours, theirs] = [await findOn('webgpu'), await findOn('onnx')];
    expect(theirs.length).toBeGreaterThan(3);
    // The last digits of a score may decide whether a mask stays; the others are the same masks.
    const same = theirs.filter((found) =>
      ours.some(
        ({ mask, point, score }) =>
          point.x === found.point.x &&
          point.y === found.point.y &&
          Math.abs(score - found.score) < 1e-3 &&
          rleIou(mask.toRle(), found.mask.toRle()) > 0.99,
      ),
    );
    expect(same.length).toBeGreaterThanOrEqual(theirs.length - 1);
    expect(ours.length).toBeLessThanOrEqual(theirs.length + 1);
    // A software adapter beside other work takes its time.
  }, 180_000);
});
