/** A device that goes away between two prompts, as drivers make it do. */
import { fileURLToPath } from 'node:url';

import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { brightnessVariant, brightnessWeights } from '../fixtures/brightness-variant.ts';
import type { EncodedImage } from './encoded-image.ts';
import { Segmenter } from './segmenter.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { points: [{ x: 365, y: 290 }] };

const gpu = await openTestDevice();
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

describe.skipIf(gpu === undefined)(`a lost device${missingDevice()}`, () => {
  /** An adapter, and a promise of the device that a segmenter opens with it for itself. */
  async function watchedAdapter(): Promise<{ adapter: GPUAdapter; device: () => GPUDevice }> {
    const adapter = (await dawn!.requestAdapter())!;
    let device: GPUDevice | undefined;
    const request = adapter.requestDevice.bind(adapter);
    // The only way to that device.
    adapter.requestDevice = async (descriptor) => (device = await request(descriptor));
    return { adapter, device: () => device! };
  }

  test('costs an encoded image one more run of the encoder, and nothing else', async () => {
    const { adapter, device } = await watchedAdapter();
    using segmenter = await Segmenter.load(brightnessVariant(), {
      backend: 'webgpu',
      webgpu: { adapter },
      weights: brightnessWeights(),
      imageProcessing: 'device',
    });
    using image = await segmenter.encode(PHOTO);
    const before = await image.segment(SPOON);
    const onGpu = await image.segment(SPOON, { output: 'gpu' });

    device().destroy();
    await device().lost;
    const [after, another] = await Promise.all([
      image.segment(SPOON),
      image.segment({ points: [{ x: 290, y: 135 }] }),
    ]);
    expect(after.mask.data).toEqual(before.mask.data);
    expect(after.mask.score).toBe(before.mask.score);
    expect(another.mask.area).toBeGreaterThan(0);
    // What was only there is gone; asked again, it is back.
    await expect(onGpu.mask.read()).rejects.toMatchObject({ code: 'device-lost' });
    onGpu.dispose();
    using again = await image.segment(SPOON, { output: 'gpu' });
    expect((await again.mask.read()).data).toEqual(before.mask.data);
  });

  describe('with an image that was a texture', () => {
    const click = { points: [{ x: 4, y: 4 }] };

    async function encodeTexture(): Promise<{
      segmenter: Segmenter;
      image: EncodedImage;
      lose: () => Promise<unknown>;
    }> {
      const { adapter, device } = await watchedAdapter();
      const segmenter = await Segmenter.load(brightnessVariant(), {
        backend: 'webgpu',
        webgpu: { adapter },
        weights: brightnessWeights(),
        imageProcessing: 'device',
      });
      const texture = device().createTexture({ size: [8, 8], format: 'rgba8unorm', usage: 6 });
      const pixels = Uint8Array.from({ length: 256 }, (_, index) => (index * 37) % 256);
      device().queue.writeTexture({ texture }, pixels, { bytesPerRow: 32 }, [8, 8]);
      const image = await segmenter.encode(texture);
      const lose = async (): Promise<unknown> => {
        device().destroy();
        return device().lost;
      };
      return { segmenter, image, lose };
    }

    test('whose pixels were read: it is encoded again', async () => {
      const { segmenter, image, lose } = await encodeTexture();
      const before = await image.segment(click);
      await image.readPixels();
      await lose();
      expect((await image.segment(click)).mask.data).toEqual(before.mask.data);
      segmenter.dispose();
    });

    test('whose pixels were not: they are lost, and the error says so', async () => {
      const { segmenter, image, lose } = await encodeTexture();
      await lose();
      const lost = { name: 'SegmenterError', code: 'pixels-lost' };
      await expect(image.segment(click)).rejects.toMatchObject(lost);
      await expect(image.readPixels()).rejects.toMatchObject(lost);
      segmenter.dispose();
    });
  });
});
