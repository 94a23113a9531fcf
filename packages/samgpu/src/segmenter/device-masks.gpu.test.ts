/** Masks that are enlarged on the device beside those that JavaScript enlarges. */
import { bitmapArea, bitmapBounds, type Mask, upsampleLogits } from '@samgpu/mask';
import { seededValues } from '@samgpu/testing';
import { createNodeGpu, missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import type { ImagePreprocessing, MaskOutput } from '@samgpu/variant';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { brightnessVariant, brightnessWeights } from '../fixtures/brightness-variant.ts';
import type { PixelImage } from '../image-source/index.ts';
import { Frame } from '../preprocess/index.ts';
import type { EncodedImage } from './encoded-image.ts';
import { upsamplingPath } from './previous-mask.ts';
import type { ImageProcessing } from './source-image.ts';
import { Segmenter } from './segmenter.ts';

const USAGE = { copySource: 1, copyDestination: 2, renderAttachment: 16 };
const BUFFER = { mapRead: 1, copyDestination: 8 };

const gpu = await openTestDevice();
// Dawn ends with the object that opened it, whatever else is still in use.
const dawn = gpu === undefined ? undefined : await createNodeGpu([]);

/** Soft blobs, so that logits cross the threshold in many places. */
function blobs(width: number, height: number): PixelImage {
  const noise = seededValues(width * height * 3, 7);
  const data = Uint8Array.from(noise, (value, index) => {
    const pixel = Math.floor(index / 3);
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height];
    return 128 + 90 * Math.sin(9 * x + 2) * Math.cos(7 * y) + value * 20;
  });
  return { width, height, channels: 3, data };
}

function centre({ width, height }: PixelImage): { points: { x: number; y: number }[] } {
  return { points: [{ x: width / 2, y: height / 2 }] };
}

describe.skipIf(gpu === undefined)(`masks on the device${missingDevice()}`, () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await (await dawn!.requestAdapter())!.requestDevice();
  });
  afterAll(() => device?.destroy());

  function load(
    imageProcessing: ImageProcessing,
    masks: Partial<MaskOutput> = {},
    preprocessing: Partial<ImagePreprocessing> = {},
  ): Promise<Segmenter> {
    return Segmenter.load(brightnessVariant({ masks, preprocessing }), {
      backend: 'webgpu',
      webgpu: { device },
      weights: brightnessWeights(),
      imageProcessing,
    });
  }

  /** How many pixels differ; all of them must have a logit within rounding of the threshold. */
  function expectSame(got: Mask, expected: Mask, { variant }: Segmenter): number {
    const { threshold, inclusive } = variant.masks;
    expect(got.score).toBe(expected.score);
    expect(got.logits).toEqual(expected.logits);
    expect(got.stability).toBe(expected.stability);
    // Known without the pixels, and true of them.
    const { area, bounds } = got;
    expect(area).toBe(bitmapArea(got));
    expect(bounds).toEqual(bitmapBounds(got));
    const frame = new Frame(expected, variant.preprocessing);
    const path = upsamplingPath(variant, frame);
    const logits = expected.logits!;
    const full = upsampleLogits(logits, expected, path, {
      threshold,
      inclusive,
      returnLogits: true,
    });
    // The device sums at most 4 x 4 products in f32, each weight, product and sum rounded by at most
    // 2^-24 of it: (4 + 4 + 4) * 2^-24 times the largest logit, times 2.4 for bicubic weights, whose
    // sizes add up to more than 1.
    const limit = 2e-6 * logits.data.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0);
    const different = [...got.data.keys()].filter((at) => got.data[at] !== expected.data[at]);
    for (const at of different) {
      expect(Math.abs(full.logits!.data[at]! - threshold)).toBeLessThan(limit);
    }
    return different.length;
  }

  describe.each([
    { upsample: 'two-step' },
    { upsample: 'two-step', threshold: 0.3, inclusive: true },
    { upsample: 'bilinear-direct' },
    { upsample: 'bicubic-direct' },
  ] as const)('$upsample', (masks) => {
    const fit = masks.upsample === 'two-step' ? 'longest-side' : 'squash';
    let onDevice: Segmenter;
    let onCpu: Segmenter;
    beforeAll(async () => {
      [onDevice, onCpu] = await Promise.all([
        load('device', masks, { fit }),
        load('cpu', masks, { fit }),
      ]);
    });
    afterAll(() => {
      onDevice?.dispose();
      onCpu?.dispose();
    });

    test.each([
      [1, 1],
      [3, 2000],
      [333, 250],
      [16, 9],
      [1200, 901],
    ])('%d x %d: the masks of the CPU', async (width, height) => {
      const picture = blobs(width, height);
      using ours = await onDevice.encode(picture);
      using theirs = await onCpu.encode(picture);
      const options = { multimask: true } as const;
      const got = await ours.segment(centre(picture), options);
      const expected = await theirs.segment(centre(picture), options);
      expect(got.masks).toHaveLength(2);
      let different = 0;
      got.masks.forEach((mask, at) => {
        different += expectSame(mask, expected.masks[at]!, onDevice);
      });
      // Logits that close to the threshold are rare.
      expect(different).toBeLessThan(3);
    });

    test('several prompts at once', async () => {
      const picture = blobs(90, 70);
      using ours = await onDevice.encode(picture);
      using theirs = await onCpu.encode(picture);
      const prompts = [5, 30, 60].map((x) => ({ points: [{ x, y: 10 }] }));
      const got = await ours.segment(prompts);
      const expected = await theirs.segment(prompts);
      // The test compares something: an outline crosses the picture.
      expect(got[0]!.mask.area).toBeGreaterThan(0);
      expect(got[0]!.mask.area).toBeLessThan(90 * 70);
      got.forEach(({ mask }, at) => expectSame(mask, expected[at]!.mask, onDevice));
    });
  });

  describe("output: 'gpu'", () => {
    const picture = blobs(150, 90);
    let segmenter: Segmenter;
    let image: EncodedImage;
    beforeAll(async () => {
      segmenter = await load('device');
      image = await segmenter.encode(picture);
    });
    afterAll(() => segmenter?.dispose());

    /** A texture that shows the picture, `scale` times as large, with a margin around it. */
    function canvas(format: GPUTextureFormat, scale: number, margin: number): GPUTexture {
      const [width, height] = [150 * scale + 2 * margin, 90 * scale + 2 * margin];
      const usage = USAGE.copySource | USAGE.copyDestination | USAGE.renderAttachment;
      const texture = device.createTexture({ size: [width, height], format, usage });
      const rgba = new Uint8Array(width * height * 4);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) rgba.set(pixelAt(x, y, scale, margin), (y * width + x) * 4);
      }
      device.queue.writeTexture({ texture }, rgba, { bytesPerRow: width * 4 }, [width, height]);
      return texture;
    }

    function pixelAt(x: number, y: number, scale: number, margin: number): number[] {
      const [column, row] = [Math.floor((x - margin) / scale), Math.floor((y - margin) / scale)];
      const isInside = column >= 0 && row >= 0 && column < 150 && row < 90;
      const at = (row * 150 + column) * 3;
      return isInside ? [...picture.data.subarray(at, at + 3), 255] : [9, 9, 9, 255];
    }

    async function readTexture(texture: GPUTexture): Promise<Uint8Array> {
      const { width, height } = texture;
      const bytesPerRow = Math.ceil((width * 4) / 256) * 256;
      const usage = BUFFER.mapRead | BUFFER.copyDestination;
      const buffer = device.createBuffer({ size: bytesPerRow * height, usage });
      const encoder = device.createCommandEncoder();
      encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height]);
      device.queue.submit([encoder.finish()]);
      await buffer.mapAsync(1);
      const rows = new Uint8Array(buffer.getMappedRange());
      const dense = new Uint8Array(width * height * 4);
      for (let y = 0; y < height; y++) {
        dense.set(rows.subarray(y * bytesPerRow, y * bytesPerRow + width * 4), y * width * 4);
      }
      return dense;
    }

    test('reads to the mask that segment gives', async () => {
      const [got, expected] = await Promise.all([
        image.segment(centre(picture), { output: 'gpu', multimask: true }),
        image.segment(centre(picture), { multimask: true }),
      ]);
      const masks = await Promise.all(got.masks.map((mask) => mask.read()));
      masks.sort((a, b) => b.score - a.score);
      masks.forEach((mask, at) => {
        expect(mask.data).toEqual(expected.masks[at]!.data);
        expect(mask.logits).toEqual(expected.masks[at]!.logits);
        expect(mask.score).toBe(expected.masks[at]!.score);
      });
      const extents = await Promise.all(got.masks.map((mask) => mask.readExtent()));
      expect(extents).toContainEqual({ area: masks[0]!.area, bounds: masks[0]!.bounds });
      got.dispose();
    });

    test.each([
      { format: 'rgba8unorm', scale: 1, margin: 0, options: {} },
      { format: 'bgra8unorm', scale: 1, margin: 0, options: { outline: true } },
      {
        format: 'rgba8unorm',
        scale: 2,
        margin: 7,
        options: {
          color: [200, 10, 90],
          opacity: 0.3,
          outline: { color: [1, 2, 3], width: 4 },
        },
      },
    ] as const)('is drawn over $format, $scale times as large', async (how) => {
      const { format, scale, margin, options } = how;
      using drawn = await image.segment(centre(picture), { output: 'gpu' });
      const target = canvas(format, scale, margin);
      const encoder = device.createCommandEncoder();
      const area = { x: margin, y: margin, width: 150 * scale, height: 90 * scale };
      drawn.mask.drawOverlay(encoder, target, { ...options, area });
      device.queue.submit([encoder.finish()]);
      const got = await readTexture(target);

      const { mask } = await image.segment(centre(picture));
      const swap = format.startsWith('bgra');
      // The picture with red and blue changed as the bytes of the texture are.
      const source = {
        ...picture,
        data: picture.data.map((_, at) => picture.data[swap ? at + 2 - 2 * (at % 3) : at]!),
      };
      const expected = mask.overlay({ source, ...options }).data;
      const width = 150 * scale + 2 * margin;
      let worst = 0;
      for (let y = 0; y < target.height; y++) {
        for (let x = 0; x < width; x++) {
          const column = Math.floor((x - margin) / scale);
          const row = Math.floor((y - margin) / scale);
          const isInside = column >= 0 && row >= 0 && column < 150 && row < 90;
          for (let channel = 0; channel < 4; channel++) {
            const from = swap && channel < 3 ? 2 - channel : channel;
            const wanted = isInside
              ? expected[(row * 150 + column) * 4 + from]!
              : [9, 9, 9, 255][channel]!;
            worst = Math.max(worst, Math.abs(got[(y * width + x) * 4 + channel]! - wanted));
          }
        }
      }
      // A blend that ends half between two levels may be rounded either way.
      expect(worst).toBeLessThanOrEqual(1);
    });

    test('outlives its image, not its segmenter', async () => {
      const other = await load('device');
      const short = await other.encode(picture);
      const { mask } = await short.segment(centre(picture), { output: 'gpu' });
      const kept = (await short.segment(centre(picture))).mask;
      short.dispose();
      const read = await mask.read();
      other.dispose();
      expect(read.data).toEqual(kept.data);
      const disposed = { name: 'WebGpuError', code: 'disposed' };
      await expect(mask.read()).rejects.toMatchObject(disposed);
      const encoder = device.createCommandEncoder();
      const target = canvas('rgba8unorm', 1, 0);
      expect(() => mask.drawOverlay(encoder, target)).toThrow(expect.objectContaining(disposed));
      mask.dispose();
      mask.dispose();
    });

    test('refuses looks that there are not', async () => {
      using drawn = await image.segment(centre(picture), { output: 'gpu' });
      const encoder = device.createCommandEncoder();
      const target = canvas('rgba8unorm', 1, 0);
      expect(() => drawn.mask.drawOverlay(encoder, target, { opacity: 2 })).toThrow(
        expect.objectContaining({ code: 'invalid-option' }),
      );
    });

    test('wants a GPU', async () => {
      using onnx = await Segmenter.load(brightnessVariant(), {
        backend: 'onnx',
        weights: brightnessWeights(),
      });
      using there = await onnx.encode(picture);
      await expect(there.segment(centre(picture), { output: 'gpu' })).rejects.toMatchObject({
        name: 'SegmenterError',
        code: 'no-device',
      });
    });
  });
});
