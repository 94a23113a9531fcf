/** Preprocessing on a device beside that on the CPU, which official outputs check. */
import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import type { ImagePreprocessing, ResampleMethod } from '@samgpu/variant';
import { createWebGpuBackend, type WebGpuBackend } from '@samgpu/webgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { PixelImage } from '../image-source/index.ts';
import { deviceResampling, Frame, preprocessImage } from './index.ts';

const gpu = await openTestDevice();

const METHODS: readonly ResampleMethod[] = [
  'pillow-bilinear',
  'pillow-bicubic',
  'opencv-area',
  'opencv-linear',
  'torch-bilinear',
  'torch-bilinear-antialias',
];

const SIZES: readonly (readonly [width: number, height: number, channels: 3 | 4])[] = [
  [1, 1, 4],
  [3, 2000, 3],
  [97, 61, 4],
  [61, 97, 3],
  [31, 17, 3],
  [48, 48, 4],
  [96, 96, 3], // halves
  [144, 96, 4], // whole blocks on one axis only
  [192, 144, 3], // whole blocks
  [240, 48, 3], // 5 x 1
  [333, 250, 4],
];

function rulesFor(method: ResampleMethod, fit: ImagePreprocessing['fit']): ImagePreprocessing {
  return {
    size: 48,
    fit,
    rounding: 'half-up',
    resample: { shrink: method, enlarge: method },
    mean: [123.675, 116.28, 103.53],
    std: [58.395, 57.12, 57.375],
    coordinates: 'scaled',
  };
}

function noise(width: number, height: number, channels: 3 | 4): PixelImage {
  const values = seededValues(width * height * channels, width + height);
  const data = Uint8Array.from(values, (value) => Math.floor((value + 1) * 128));
  return { width, height, channels, data };
}

describe.skipIf(gpu === undefined)(`preprocessing on a device${missingDevice()}`, () => {
  let backend: WebGpuBackend;
  beforeAll(async () => {
    backend = await createWebGpuBackend({ limits: 'default' });
  });
  afterAll(() => backend.dispose());

  async function onDevice(image: PixelImage, rules: ImagePreprocessing): Promise<Float32Array> {
    const frame = new Frame(image, rules);
    const value = await backend.images.resample(image, deviceResampling(frame, rules));
    expect(value.shape).toEqual([1, rules.size, rules.size, 3]);
    const { data } = await value.read();
    value.dispose();
    return data as Float32Array;
  }

  describe.each(METHODS)('%s', (method) => {
    test.each(SIZES)('%d x %d in %d channels is that of the CPU', async (...size) => {
      for (const fit of ['longest-side', 'squash'] as const) {
        const image = noise(...size);
        const rules = rulesFor(method, fit);
        const expected = preprocessImage(image, rules).tensor;
        const got = await onDevice(image, rules);
        // PyTorch's floats: the CPU sums in f64, the device in f32, with half a step of 1.5e-5 near
        // 255 for each of up to 85 weights that sum to 1, over a deviation of 57; most cancel. All
        // other methods give whole levels, which are exact.
        const limit = method.startsWith('torch') ? 5e-6 : 0;
        expectClose(got, expected, { what: `${method} ${fit}`, limit, seed: 1 });
      }
    });
  });

  test('an image that is uploaded in several strips', async () => {
    // 64 MiB of pixels, 32 MiB at a time.
    const image = noise(64, 1, 4);
    const data = new Uint8Array(2 ** 26);
    const tall: PixelImage = { ...image, height: 2 ** 18, data };
    for (let row = 0; row < tall.height; row++) {
      const shade = (row >> 8) & 255;
      data.set(image.data, row * 256);
      data.fill(shade, row * 256, row * 256 + 64);
    }
    const rules = rulesFor('pillow-bilinear', 'longest-side');
    expect(await onDevice(tall, rules)).toEqual(preprocessImage(tall, rules).tensor);
  });

  test('an image too large for the limits of the device is refused with its size', async () => {
    const rules = { ...rulesFor('pillow-bilinear', 'squash'), size: 1024 };
    const size = { width: 1, height: 12_000 };
    const how = deviceResampling(new Frame(size, rules), rules);
    expect(await backend.images.canResample(size, how)).toBe(false);
    const image: PixelImage = { ...size, channels: 3, data: new Uint8Array(36_000) };
    await expect(backend.images.resample(image, how)).rejects.toMatchObject({
      code: 'unsupported',
      sizes: { got: 12_000 * 1024 * 12 },
    });
  });
});
