/** A device that goes away between two prompts, as drivers make it do. */
import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';

import { Segmenter } from './segmenter.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { points: [{ x: 365, y: 290 }] };

const gpu = await openTestDevice();
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

describe.skipIf(gpu === undefined)(`a lost device${missingDevice()}`, () => {
  test('costs an encoded image one more run of the encoder, and nothing else', async () => {
    const adapter = (await dawn!.requestAdapter())!;
    let device: GPUDevice | undefined;
    const request = adapter.requestDevice.bind(adapter);
    // The only way to the device that the segmenter opens for itself.
    adapter.requestDevice = async (descriptor) => (device = await request(descriptor));

    using segmenter = await Segmenter.load(nano, { backend: 'webgpu', webgpu: { adapter } });
    using image = await segmenter.encode(PHOTO);
    const before = await image.segment(SPOON);

    device!.destroy();
    await device!.lost;
    const [after, another] = await Promise.all([
      image.segment(SPOON),
      image.segment({ points: [{ x: 290, y: 135 }] }),
    ]);
    expect(after.mask.data).toEqual(before.mask.data);
    expect(after.mask.score).toBe(before.mask.score);
    expect(another.mask.area).toBeGreaterThan(0);
  });
});
