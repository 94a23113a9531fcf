// Everything-mode on a real network, compared with the same thing done the long way: every point a prompt
// of its own, whole float images, and suppression by its definition.

import { fileURLToPath } from 'node:url';

import {
  type Bitmap,
  bitmapBounds,
  type Box,
  cropBoxes,
  isNearCropEdge,
  pixelCorners,
  pointGrids,
  removeSmallRegions,
  stabilityScore,
  uncropMask,
  upsampleLogits,
} from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PixelImage, readImage } from '../image-source/index.ts';
import { Segmenter } from '../segmenter/index.ts';
import type { EverythingOptions } from './everything-options.ts';

const PHOTO = fileURLToPath(new URL('../../../cli/assets/coffee.jpg', import.meta.url));

interface Found {
  bitmap: Bitmap;
  readonly score: number;
  readonly stability: number;
  readonly point: { x: number; y: number };
  readonly crop: Box;
}

let segmenter: Segmenter;
let photo: PixelImage;

beforeAll(async () => {
  segmenter = await Segmenter.load(nano, { backend: 'onnx' });
  photo = thirdOf(await readImage(PHOTO));
});

afterAll(() => segmenter.dispose());

/** Every third pixel of every third row. */
function thirdOf({ width, height, channels, data }: PixelImage): PixelImage {
  const size = { width: Math.floor(width / 3), height: Math.floor(height / 3) };
  const pixels = Uint8Array.from({ length: size.width * size.height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
    return data[(y * 3 * width + x * 3) * channels + (i % channels)]!;
  });
  return { ...size, channels, data: pixels };
}

function part({ width, channels, data }: PixelImage, box: Box): PixelImage {
  const pixels: number[] = [];
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let i = box.x * channels; i < (box.x + box.width) * channels; i++) {
      pixels.push(data[y * width * channels + i]!);
    }
  }
  return { width: box.width, height: box.height, channels, data: Uint8Array.from(pixels) };
}

type Options = Required<
  Pick<
    EverythingOptions,
    | 'pointsPerSide'
    | 'predIouThreshold'
    | 'stabilityThreshold'
    | 'stabilityOffset'
    | 'boxNmsThreshold'
    | 'cropLayers'
    | 'cropNmsThreshold'
    | 'cropPointsDownscale'
    | 'minMaskRegionArea'
  >
>;

async function theLongWay(options: Options): Promise<Found[]> {
  const crops = cropBoxes(photo, options.cropLayers);
  const grids = pointGrids(options.pointsPerSide, options.cropLayers, options.cropPointsDownscale);
  const all: Found[] = [];
  for (const crop of crops) {
    using image = await segmenter.encode(part(photo, crop));
    const inCrop: Found[] = [];
    for (const { x, y } of grids[crop.layer]!) {
      const point = { x: x * crop.width, y: y * crop.height };
      const { masks } = await image.segment({ points: [point] }, { multimask: true });
      for (const { logits, score } of masks) {
        if (score <= options.predIouThreshold) continue;
        const path = {
          mode: 'two-step',
          frame: { width: 384, height: 384 },
          resized: resizedSize(crop),
        } as const;
        const full = upsampleLogits(logits!, crop, path, { returnLogits: true });
        const stability = stabilityScore(full.logits!.data, { offset: options.stabilityOffset });
        if (stability < options.stabilityThreshold) continue;
        if (isNearCropEdge(pixelCorners(bitmapBounds(full.bitmap)), crop, photo)) continue;
        const bitmap = uncropMask(full.bitmap, crop, photo);
        const at = { x: point.x + crop.x, y: point.y + crop.y };
        inCrop.push({ bitmap, score, stability, point: at, crop });
      }
    }
    all.push(...suppress(inCrop, ({ score }) => score, options.boxNmsThreshold));
  }
  if (crops.length === 1) return all;
  const smallest = suppress(
    all,
    ({ crop }) => 1 / (crop.width * crop.height),
    options.cropNmsThreshold,
  );
  if (options.minMaskRegionArea === 0) return smallest;
  const changed = new Set<Found>();
  for (const found of smallest) {
    for (const mode of ['holes', 'islands'] as const) {
      const cleaned = removeSmallRegions(found.bitmap, options.minMaskRegionArea, mode);
      if (cleaned.changed) changed.add(found);
      found.bitmap = cleaned.bitmap;
    }
  }
  const threshold = Math.max(options.boxNmsThreshold, options.cropNmsThreshold);
  return suppress(smallest, (found) => (changed.has(found) ? 0 : 1), threshold);
}

/** Rounded as nano's preprocessing does: half to even. */
function resizedSize({ width, height }: Box): { width: number; height: number } {
  const ratio = 384 / Math.max(width, height);
  const even = (value: number): number =>
    value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
  return { width: even(width * ratio), height: even(height * ratio) };
}

function suppress(list: Found[], scoreOf: (found: Found) => number, threshold: number): Found[] {
  const order = list.map((found) => found).sort((a, b) => scoreOf(b) - scoreOf(a));
  const kept: Found[] = [];
  for (const found of order) {
    if (kept.every((better) => boxOverlap(better.bitmap, found.bitmap) <= threshold)) {
      kept.push(found);
    }
  }
  return kept;
}

function boxOverlap(first: Bitmap, second: Bitmap): number {
  const a = pixelCorners(bitmapBounds(first));
  const b = pixelCorners(bitmapBounds(second));
  const width = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const height = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const area = ([left, top, right, bottom]: typeof a): number => (right - left) * (bottom - top);
  return (width * height) / (area(a) + area(b) - width * height);
}

describe('with nano', () => {
  const options: Options = {
    pointsPerSide: 8,
    predIouThreshold: 0.4,
    stabilityThreshold: 0.7,
    stabilityOffset: 0.25,
    boxNmsThreshold: 0.7,
    cropLayers: 0,
    cropNmsThreshold: 0.7,
    cropPointsDownscale: 2,
    minMaskRegionArea: 0,
  };

  test.each([
    ['the whole picture', {}],
    ['crops and a minimum area', { cropLayers: 1, minMaskRegionArea: 20 }],
  ])('%s equals the long way', async (_, own) => {
    using image = await segmenter.encode(photo);
    const { masks } = await image.segmentEverything({ ...options, ...own });
    const wanted = await theLongWay({ ...options, ...own });
    expect(masks.length).toBeGreaterThan(5);
    expect(masks.length).toBe(wanted.length);
    for (const [i, found] of masks.entries()) {
      const { bitmap, score, stability, point, crop } = wanted[i]!;
      const { x, y, width, height } = crop;
      expect(found.point).toEqual(point);
      expect(found.cropBox).toEqual({ x, y, width, height });
      // Batches of another size sum in another order, which float32 sees in its last digits.
      expect(Math.abs(found.score - score)).toBeLessThan(1e-4);
      expect(Math.abs(found.stability - stability)).toBeLessThan(1e-3);
      const differing = bitmap.data.reduce(
        (sum, value, pixel) => sum + (value === found.mask.data[pixel] ? 0 : 1),
        0,
      );
      expect(differing).toBeLessThanOrEqual(3);
    }
  });

  test('the defaults of the model find the parts of a picture', async () => {
    using image = await segmenter.encode(PHOTO);
    const { masks, coverage } = await image.segmentEverything({ pointsPerSide: 16 });
    expect(masks.length).toBeGreaterThan(15);
    expect(coverage().share).toBeGreaterThan(0.6);
  });

  test('an image that was disposed of finds nothing', async () => {
    const image = await segmenter.encode(photo);
    image.dispose();
    await expect(image.segmentEverything()).rejects.toMatchObject({ code: 'disposed' });
  });
});
