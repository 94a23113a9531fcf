/** Mattes of an encoded image: where they are made, and what becomes of them when a device goes away. */
import type { Mask } from '@samgpu/mask';
import type { MatteOptions } from '@samgpu/matte';
import { seededValues } from '@samgpu/testing';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { brightnessVariant, brightnessWeights } from '../fixtures/brightness-variant.ts';
import type { PixelImage } from '../image-source/index.ts';
import type { EncodedImage } from './encoded-image.ts';
import { Segmenter, type SegmenterOptions } from './segmenter.ts';

/** A bright disc with a soft edge on a dark ground, with some noise. */
function disc(width: number, height: number): PixelImage {
  const noise = seededValues(width * height * 3, 7);
  const data = Uint8Array.from(noise, (value, index) => {
    const pixel = Math.floor(index / 3);
    const from = Math.hypot((pixel % width) - width / 2, Math.floor(pixel / width) - height / 2);
    const share = Math.min(1, Math.max(0, (40 - from) / 6));
    return 40 + 160 * share + Math.round(value * 8);
  });
  return { width, height, channels: 3, data };
}

const PICTURE = disc(150, 110);
const CLICK = { points: [{ x: 75, y: 55 }] };

const gpu = await openTestDevice();
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

interface Opened {
  readonly device: GPUDevice;
  readonly segmenter: Segmenter;
  readonly image: EncodedImage;
  readonly mask: Mask;
}

async function open(imageProcessing: SegmenterOptions['imageProcessing']): Promise<Opened> {
  const device = await (await dawn!.requestAdapter())!.requestDevice();
  const segmenter = await Segmenter.load(brightnessVariant(), {
    backend: 'webgpu',
    webgpu: { device },
    weights: brightnessWeights(),
    imageProcessing: imageProcessing!,
  });
  const image = await segmenter.encode(PICTURE);
  const { mask } = await image.segment(CLICK);
  // Its pixels are made once, so that what follows is the matte's.
  expect(mask.data.length).toBe(image.width * image.height);
  return { device, segmenter, image, mask };
}

/** How often work was submitted to a device while a matte was made, and the matte. */
async function submissions({ device, image, mask }: Opened, options: MatteOptions) {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  let count = 0;
  queue.submit = (buffers) => {
    count += 1;
    submit(buffers);
  };
  const { alpha } = await image.matte(mask, options);
  queue.submit = submit;
  return { count, alpha };
}

function furthest(first: Uint8Array, second: Uint8Array): number {
  return first.reduce((most, level, i) => Math.max(most, Math.abs(level - second[i]!)), 0);
}

describe.skipIf(gpu === undefined)(`mattes of an encoded image${missingDevice()}`, () => {
  test('are made where images are processed', async () => {
    const options = { method: 'fast' } as const;
    const [onDevice, onCpu, automatic] = await Promise.all([
      open('device'),
      open('cpu'),
      open('auto'),
    ]);
    const first = await submissions(onDevice, options);
    const second = await submissions(onCpu, options);
    expect(first.count).toBeGreaterThan(0);
    expect(second.count).toBe(0);
    expect(second.alpha.some((level) => level > 0 && level < 255)).toBe(true);
    // Rounding of f32; see the tests of mattes in @samgpu/webgpu.
    expect(furthest(first.alpha, second.alpha)).toBeLessThanOrEqual(2);
    // A rasteriser on the CPU is slower at it than JavaScript.
    const third = await submissions(automatic, options);
    expect(third.count > 0).toBe(!gpu!.kernelDevice.software);
    for (const { segmenter } of [onDevice, onCpu, automatic]) segmenter.dispose();
  });

  test('come all the same when the device is lost on the way, or gone already', async () => {
    const opened = await open('device');
    const { device, image, mask, segmenter } = opened;
    const options = { method: 'fast' } as const;
    const before = await image.matte(mask, options);
    let isFirst = true;
    const onProgress = (): void => {
      if (isFirst) device.destroy();
      isFirst = false;
    };
    const during = await image.matte(mask, { ...options, onProgress });
    expect(isFirst).toBe(false);
    expect(furthest(during.alpha, before.alpha)).toBeLessThanOrEqual(2);
    await device.lost;
    const after = await image.matte(mask, options);
    expect(after.alpha).toEqual(during.alpha);
    segmenter.dispose();
    expect((await image.matte(mask, options)).alpha).toEqual(during.alpha);
  });
});
