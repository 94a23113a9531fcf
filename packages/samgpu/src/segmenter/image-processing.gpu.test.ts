/** Images on the device beside images on the CPU: the same model, the same masks. */
import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import { seededValues } from '@samgpu/testing';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PixelImage, readImage } from '../image-source/index.ts';
import { Segmenter } from './segmenter.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { points: [{ x: 365, y: 290 }] };
const USAGE = { copySource: 1, copyDestination: 2, textureBinding: 4 };

const gpu = await openTestDevice({ limits: 'adapter' });
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

async function openDevice(): Promise<GPUDevice> {
  return (await dawn!.requestAdapter())!.requestDevice();
}

/** A bright disc on a dark ground with some noise. */
function disc(width: number, height: number, channels: 3 | 4): PixelImage {
  const noise = seededValues(width * height * channels, 7);
  const data = Uint8Array.from(noise, (value, index) => {
    const pixel = Math.floor(index / channels);
    const [x, y] = [(pixel % width) / width - 0.5, Math.floor(pixel / width) / height - 0.5];
    const isAlpha = index % channels === 3;
    return isAlpha ? 255 : (x * x + y * y < 0.09 ? 200 : 40) + Math.round(value * 8);
  });
  return { width, height, channels, data };
}

function textureOf(
  device: GPUDevice,
  { width, height, channels, data }: PixelImage,
  format: GPUTextureFormat = 'rgba8unorm',
  usage = USAGE.copyDestination | USAGE.textureBinding,
): GPUTexture {
  const texture = device.createTexture({ size: [width, height], format, usage });
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const values = data.subarray(pixel * channels, (pixel + 1) * channels);
    rgba.set(format.startsWith('bgra') ? [values[2]!, values[1]!, values[0]!] : values, pixel * 4);
  }
  device.queue.writeTexture({ texture }, rgba, { bytesPerRow: width * 4 }, [width, height]);
  return texture;
}

describe.skipIf(gpu === undefined)(`images on the device${missingDevice()}`, () => {
  let device: GPUDevice;
  let onDevice: Segmenter;
  let onCpu: Segmenter;
  let photo: PixelImage;

  beforeAll(async () => {
    device = await openDevice();
    const webgpu = { device };
    const load = (imageProcessing: 'device' | 'cpu'): Promise<Segmenter> =>
      Segmenter.load(nano, { backend: 'webgpu', webgpu, imageProcessing });
    [onDevice, onCpu, photo] = await Promise.all([load('device'), load('cpu'), readImage(PHOTO)]);
  });
  afterAll(() => {
    onDevice?.dispose();
    onCpu?.dispose();
    device?.destroy();
  });

  test.each([
    [1, 1, 4],
    [3, 2000, 3],
    [300, 200, 3],
    [1001, 750, 4],
    // Wider than a texture may be.
    [8200, 40, 3],
    // Higher than the buffer between the two passes may be: resampled on the CPU instead.
    [4, 30_000, 3],
  ] as const)('%d x %d in %d channels: the masks of the CPU', async (width, height, channels) => {
    const picture = disc(width, height, channels);
    const prompt = { points: [{ x: width / 2, y: height / 2 }] };
    using ours = await onDevice.encode(picture);
    using theirs = await onCpu.encode(picture);
    const [{ mask }, { mask: expected }] = await Promise.all([
      ours.segment(prompt),
      theirs.segment(prompt),
    ]);
    expect(mask.score).toBe(expected.score);
    expect(mask.logits).toEqual(expected.logits);
    expect(mask.data).toEqual(expected.data);
    expect(ours.pixels.data).toBe(picture.data);
  });

  test.each([
    ['rgba8unorm', USAGE.textureBinding],
    ['rgba8unorm', USAGE.copySource],
    ['rgba8unorm-srgb', USAGE.textureBinding],
    ['bgra8unorm', USAGE.textureBinding],
    ['bgra8unorm-srgb', USAGE.copySource],
  ] as const)('a texture, %s with usage %d', async (format, usage) => {
    using theirs = await onCpu.encode(photo);
    const texture = textureOf(device, photo, format, usage | USAGE.copyDestination);
    using ours = await onDevice.encode(texture);
    // What is encoded is a copy.
    texture.destroy();
    const [{ mask }, { mask: expected }] = await Promise.all([
      ours.segment(SPOON),
      theirs.segment(SPOON),
    ]);
    expect(mask.data).toEqual(expected.data);
    expect(() => ours.pixels).toThrow(expect.objectContaining({ code: 'pixels-on-device' }));
    expect(() => mask.cutout()).toThrow(expect.objectContaining({ code: 'pixels-on-device' }));
    expect(mask.cutout({ source: photo })).toEqual(expected.cutout());
    const pixels = await ours.readPixels();
    expect(pixels).toBe(ours.pixels);
    expect(pixels.channels).toBe(4);
    expect(mask.cutout()).toEqual(expected.cutout());
  });

  test('a texture, where images are processed on the CPU', async () => {
    using theirs = await onCpu.encode(photo);
    using ours = await onCpu.encode(textureOf(device, photo));
    expect((await ours.segment(SPOON)).mask.data).toEqual((await theirs.segment(SPOON)).mask.data);
  });

  test('a texture of another device is refused, and says what to do', async () => {
    const other = await openDevice();
    const wanted = { code: 'image', message: expect.stringContaining('webgpu: { device }') };
    await expect(onDevice.encode(textureOf(other, photo))).rejects.toMatchObject(wanted);
    other.destroy();
    const gone = textureOf(device, photo);
    gone.destroy();
    await expect(onDevice.encode(gone)).rejects.toMatchObject(wanted);
  });

  test('textures of other kinds are refused, and say why', async () => {
    const refused = async (descriptor: Partial<GPUTextureDescriptor>): Promise<unknown> => {
      const texture = device.createTexture({
        size: [4, 4],
        format: 'rgba8unorm',
        usage: USAGE.textureBinding,
        ...descriptor,
      });
      return onDevice.encode(texture).catch((error: unknown) => error);
    };
    expect(await refused({ format: 'r32uint' })).toMatchObject({
      code: 'image',
      message: expect.stringContaining('format r32uint, wanted one of rgba8unorm'),
    });
    expect(await refused({ size: [4, 4, 2] })).toMatchObject({
      code: 'image',
      message: expect.stringContaining('2 layers'),
    });
    expect(await refused({ usage: USAGE.copyDestination })).toMatchObject({
      code: 'image',
      message: expect.stringContaining('TEXTURE_BINDING'),
    });
  });

  test('ONNX Runtime takes no texture, and has no device for images', async () => {
    using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
    await expect(segmenter.encode(textureOf(device, photo))).rejects.toMatchObject({
      code: 'unsupported-source',
      message: expect.stringContaining('webgpu: { device }'),
    });
    await expect(
      Segmenter.load(nano, { backend: 'onnx', imageProcessing: 'device' }),
    ).rejects.toMatchObject({ code: 'no-device' });
  });

  test('pixels that were not read go with the image', async () => {
    const image = await onDevice.encode(textureOf(device, photo));
    const { mask } = await image.segment(SPOON);
    image.dispose();
    await expect(image.readPixels()).rejects.toMatchObject({ code: 'disposed' });
    expect(mask.cutout({ source: photo }).width).toBe(photo.width);
  });
});
