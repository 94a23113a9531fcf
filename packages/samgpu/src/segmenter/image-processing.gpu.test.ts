/** Images on the device beside images on the CPU: the same model, the same masks. */
import { fileURLToPath } from 'node:url';

import { seededValues } from '@samgpu/testing';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { brightnessVariant, brightnessWeights } from '../fixtures/brightness-variant.ts';
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

const DIRECT = { upsample: 'bilinear-direct' } as const;

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
    const options = {
      backend: 'webgpu',
      webgpu: { device },
      weights: brightnessWeights(),
    } as const;
    const load = (imageProcessing: 'device' | 'cpu'): Promise<Segmenter> =>
      Segmenter.load(brightnessVariant(), { ...options, imageProcessing });
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
    [1, 40_000, 4],
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

  test('an image that the device cannot resample is, on the CPU', async () => {
    // 12 bytes for each of 64 x 180000 samples exceed the 128 MiB that a device without more binds.
    const picture = disc(2, 180_000, 3);
    const variant = brightnessVariant({ preprocessing: { fit: 'squash' }, masks: DIRECT });
    const options = {
      backend: 'webgpu',
      webgpu: { device },
      weights: brightnessWeights(),
    } as const;
    using ours = await Segmenter.load(variant, { ...options, imageProcessing: 'device' });
    using theirs = await Segmenter.load(variant, { ...options, imageProcessing: 'cpu' });
    const prompt = { points: [{ x: 1, y: 90_000 }] };
    using image = await ours.encode(picture);
    using expected = await theirs.encode(picture);
    const [{ mask }, other] = await Promise.all([image.segment(prompt), expected.segment(prompt)]);
    expect(mask.logits).toEqual(other.mask.logits);
    expect(mask.area).toBe(other.mask.area);
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
    const options = { backend: 'onnx', weights: brightnessWeights() } as const;
    using segmenter = await Segmenter.load(brightnessVariant(), options);
    await expect(segmenter.encode(textureOf(device, photo))).rejects.toMatchObject({
      code: 'unsupported-source',
      message: expect.stringContaining('webgpu: { device }'),
    });
    await expect(
      Segmenter.load(brightnessVariant(), { ...options, imageProcessing: 'device' }),
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
