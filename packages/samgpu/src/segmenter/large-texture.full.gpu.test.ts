/** A texture that takes more than one buffer, on a device with what every device has. */
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { brightnessVariant, brightnessWeights } from '../fixtures/brightness-variant.ts';
import { Segmenter } from './segmenter.ts';

const gpu = await openTestDevice();
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

const WIDTH = 8192;
const HEIGHT = 4200; // of 128 MiB there are 4096 rows
const USAGE = { copyDestination: 2, textureBinding: 4 };

describe.skipIf(gpu === undefined)(`a large texture${missingDevice()}`, () => {
  test('is copied in strips, and comes back as it was', { timeout: 300_000 }, async () => {
    const device = await (await dawn!.requestAdapter())!.requestDevice();
    const pixels = new Uint8Array(WIDTH * HEIGHT * 4).fill(255);
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x += 3) pixels[(y * WIDTH + x) * 4 + (x % 2)] = (x >> 5) + y;
    }
    const texture = device.createTexture({
      size: [WIDTH, HEIGHT],
      format: 'rgba8unorm',
      usage: USAGE.copyDestination | USAGE.textureBinding,
    });
    device.queue.writeTexture({ texture }, pixels, { bytesPerRow: WIDTH * 4 }, [WIDTH, HEIGHT]);
    const load = (imageProcessing: 'device' | 'cpu'): Promise<Segmenter> =>
      Segmenter.load(brightnessVariant(), {
        backend: 'webgpu',
        webgpu: { device },
        weights: brightnessWeights(),
        imageProcessing,
      });
    using onDevice = await load('device');
    using onCpu = await load('cpu');
    using ours = await onDevice.encode(texture);
    using theirs = await onCpu.encode({ width: WIDTH, height: HEIGHT, channels: 4, data: pixels });
    const prompt = { points: [{ x: 100, y: 4150 }] };
    const [{ mask }, expected] = await Promise.all([ours.segment(prompt), theirs.segment(prompt)]);
    expect(mask.logits).toEqual(expected.mask.logits);
    const read = await ours.readPixels();
    expect(Buffer.compare(Buffer.from(read.data.buffer), pixels)).toBe(0);
  });
});
