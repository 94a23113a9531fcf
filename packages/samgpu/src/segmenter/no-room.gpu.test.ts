/** GPUs with too small limits for many prompts at once, and for the model itself. */
import { fileURLToPath } from 'node:url';

import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { WebGpuError } from '@samgpu/webgpu';
import { describe, expect, test } from 'vitest';

import { brightnessVariant, brightnessWeights } from '../fixtures/brightness-variant.ts';
import { Segmenter, type SegmenterOptions } from './segmenter.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));
// 40 are rounded up to 64.
const PROMPTS = Array.from({ length: 40 }, (_, i) => ({
  points: [{ x: 5 + 14 * i, y: 390 - 9 * i }],
}));

const gpu = await openTestDevice();
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

describe.skipIf(gpu === undefined)(`a GPU with little room${missingDevice()}`, () => {
  /** A device that says of itself that it binds no more than so many bytes. */
  async function smallDevice(maxStorageBufferBindingSize: number): Promise<GPUDevice> {
    const device = await (await dawn!.requestAdapter())!.requestDevice();
    const limits: Record<string, unknown> = {};
    for (const name in device.limits) limits[name] = Reflect.get(device.limits, name);
    Object.defineProperty(device, 'limits', {
      value: { ...limits, maxStorageBufferBindingSize },
    });
    return device;
  }

  async function load(
    options: SegmenterOptions,
  ): Promise<{ segmenter: Segmenter; warnings: string[] }> {
    const warnings: string[] = [];
    const segmenter = await Segmenter.load(brightnessVariant(), {
      weights: brightnessWeights(),
      onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
      ...options,
    });
    return { segmenter, warnings };
  }

  async function masksOf(segmenter: Segmenter): Promise<Uint8Array[]> {
    using image = await segmenter.encode(PHOTO);
    const results = await image.segment(PROMPTS);
    return results.map(({ mask }) => Uint8Array.from(mask.data));
  }

  test('takes fewer prompts at once, with the same masks, and warns once for each halving', async () => {
    const { segmenter: large, warnings: none } = await load({
      backend: 'webgpu',
      webgpu: { limits: 'default' },
    });
    using _large = large;
    const expected = await masksOf(large);
    expect(none).toEqual([]);

    // Logits of 64 prompts are 196608 bytes, of 16 less than 65536.
    const device = await smallDevice(65536);
    const { segmenter, warnings } = await load({ backend: 'webgpu', webgpu: { device } });
    using _small = segmenter;
    expect(await masksOf(segmenter)).toEqual(expected);
    const told = [
      expect.stringMatching(/^smaller-batch: .* 64 prompts .* 32 at a time: /),
      expect.stringMatching(/^smaller-batch: .* 32 prompts .* 16 at a time: /),
    ];
    expect(warnings).toEqual(told);
    expect(await masksOf(segmenter)).toEqual(expected);
    expect(warnings).toHaveLength(2);
  });

  test('hands the model to ONNX Runtime where nobody insists on it, and says so', async () => {
    // The picture that the encoder takes is 49152 bytes.
    const device = await smallDevice(16384);
    const { segmenter, warnings } = await load({ backend: 'auto', webgpu: { device } });
    using _segmenter = segmenter;
    expect(warnings).toEqual([expect.stringMatching(/^onnx-instead: .* no room for Brightness/)]);
    expect(segmenter.backend.kind).toBe('onnx');
    expect(segmenter.backend.reason).toMatch(
      /has no room for Brightness: .*16.0 KiB.*; onnxruntime-/,
    );
    expect(await masksOf(segmenter)).toHaveLength(40);
    expect(await Promise.race([device.lost, Promise.resolve('alive')])).toBe('alive');
  });

  test('is a typed error where it was asked for', async () => {
    const device = await smallDevice(16384);
    const error: unknown = await load({ backend: 'webgpu', webgpu: { device } }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(WebGpuError);
    expect(error).toMatchObject({ code: 'unsupported', sizes: { got: 49152, limit: 16384 } });
  });
});
