// Checks against outputs of the official Python code, where the data lies beside the project.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { bitmapArea, bitmapBounds, bitmapFrom, type Bitmap } from './bitmap.ts';
import { fromCompressedRle, toCompressedRle } from './run-length-text.ts';
import { decodeRle, encodeRle, rleArea, rleBounds } from './run-length.ts';
import { removeSmallRegions } from './small-regions.ts';
import { stabilityScore } from './stability-score.ts';
import { upsampleLogits } from './upsample-logits.ts';

const folder = new URL('../../../../shared/parity/algorithms/', import.meta.url);
const skip = !existsSync(folder);
const note = skip ? ' (skipped: ../shared/parity is absent)' : '';

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

interface PackedMask {
  readonly shape: readonly number[];
  readonly bits: string;
}

/** Masks of shape [..., height, width] as one bitmap each. */
function unpack({ shape, bits }: PackedMask): Bitmap[] {
  const bytes = Buffer.from(bits, 'base64');
  const [height, width] = shape.slice(-2) as [number, number];
  const count = shape.slice(0, -2).reduce((product, side) => product * side, 1);
  return Array.from({ length: count }, (_, mask) =>
    bitmapFrom(
      Array.from({ length: width * height }, (_, i) => {
        const bit = mask * width * height + i;
        return (bytes[bit >> 3]! >> (bit & 7)) & 1;
      }),
      width,
      height,
    ),
  );
}

/** The formula that fills tensors of the data: a hash of key and index, uniform in [-1, 1). */
function formulaValues(key: string, seed: number, scale: number, size: number): Float32Array {
  let hash = 2166136261;
  for (const byte of Buffer.from(key, 'utf8')) hash = Math.imul(hash ^ byte, 16777619);
  return Float32Array.from({ length: size }, (_, i) => {
    let x = (hash ^ seed) + Math.imul(i, 0x9e3779b9);
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x ^= x >>> 16;
    return Math.fround(scale) * ((x >>> 8) * 2 ** -23 - 1);
  });
}

interface UpsamplingCase {
  readonly key: string;
  readonly seed: number;
  readonly scale: number;
  readonly shape: readonly [1, 1, number, number];
  readonly input_size?: readonly [number, number];
  readonly original_size: readonly [number, number];
  readonly sample_count: number;
  readonly sample_f32_b64: string;
  readonly mask_area?: number;
  readonly mask_sha256_packed?: string;
  readonly mask_area_ge0?: number;
}

function sampleIndex(k: number, size: number): number {
  return (Math.imul(k, 2654435761) >>> 0) % size;
}

function largestError(
  full: Float32Array,
  { sample_f32_b64, sample_count }: UpsamplingCase,
): number {
  const bytes = Buffer.from(sample_f32_b64, 'base64');
  let error = 0;
  for (let k = 0; k < Math.min(sample_count, full.length); k++) {
    const wanted = bytes.readFloatLE(4 * k);
    error = Math.max(error, Math.abs(full[sampleIndex(k, full.length)]! - wanted));
  }
  return error;
}

/** Row-major bits, least significant first. */
function packedHash({ data }: Bitmap): string {
  const bytes = new Uint8Array(Math.ceil(data.length / 8));
  for (let i = 0; i < data.length; i++) bytes[i >> 3]! |= data[i]! << (i & 7);
  return createHash('sha256').update(bytes).digest('hex');
}

describe.skipIf(skip)(`official cases${note}`, () => {
  test('postprocess_masks', () => {
    const { cases } = read('postprocess_masks') as { cases: UpsamplingCase[] };
    expect(cases.length).toBe(5);
    for (const item of cases) {
      const [, , lowHeight, lowWidth] = item.shape;
      const [height, width] = item.original_size;
      const [resizedHeight, resizedWidth] = item.input_size!;
      const logits = {
        width: lowWidth,
        height: lowHeight,
        data: formulaValues(item.key, item.seed, item.scale, lowWidth * lowHeight),
      };
      const path = {
        mode: 'two-step',
        frame: { width: 1024, height: 1024 },
        resized: { width: resizedWidth, height: resizedHeight },
      } as const;
      const full = upsampleLogits(logits, { width, height }, path, { returnLogits: true });
      // Logits reach 4, where an f32 has steps of 2.4e-7; the official code rounds twice per step.
      expect(largestError(full.logits!.data, item)).toBeLessThan(1e-6);
      const mask = upsampleLogits(logits, { width, height }, path);
      expect(mask.area).toBe(item.mask_area);
      expect(packedHash(mask.bitmap)).toBe(item.mask_sha256_packed);
      expect(packedHash(full.bitmap)).toBe(item.mask_sha256_packed);
    }
  });

  test('bicubic_upscale', () => {
    const { cases } = read('bicubic_upscale') as { cases: UpsamplingCase[] };
    expect(cases.length).toBe(4);
    for (const item of cases) {
      const [, , lowHeight, lowWidth] = item.shape;
      const [height, width] = item.original_size;
      const logits = {
        width: lowWidth,
        height: lowHeight,
        data: formulaValues(item.key, item.seed, item.scale, lowWidth * lowHeight),
      };
      const path = { mode: 'bicubic-direct' } as const;
      const options = { inclusive: true };
      const full = upsampleLogits(logits, { width, height }, path, {
        ...options,
        returnLogits: true,
      });
      // The official cubic weights are f32 with terms of up to 6 cancelling, so each is off by
      // 5e-7 or so; sixteen of them meet logits of up to 4.
      expect(largestError(full.logits!.data, item)).toBeLessThan(1e-5);
      expect(full.area).toBe(item.mask_area_ge0);
      expect(upsampleLogits(logits, { width, height }, path, options).area).toBe(
        item.mask_area_ge0,
      );
    }
  });

  test('stability_score', () => {
    interface Case {
      readonly key?: string;
      readonly seed?: number;
      readonly scale?: number;
      readonly constant?: readonly number[];
      readonly shape: readonly [number, number, number];
      readonly mask_threshold: number;
      readonly threshold_offset: number;
      readonly scores: readonly (number | null)[];
    }
    for (const item of (read('stability_score') as { cases: Case[] }).cases) {
      const [count, height, width] = item.shape;
      const size = height * width;
      const values =
        item.key === undefined
          ? Float32Array.from(
              { length: count * size },
              (_, i) => item.constant![Math.floor(i / size)]!,
            )
          : formulaValues(item.key, item.seed!, item.scale!, count * size);
      for (let mask = 0; mask < count; mask++) {
        const score = stabilityScore(values.subarray(mask * size, (mask + 1) * size), {
          threshold: item.mask_threshold,
          offset: item.threshold_offset,
        });
        // The official quotient is an f32; its NaN (null) is 0 here by choice.
        expect(Math.fround(score)).toBe(Math.fround(item.scores[mask] ?? 0));
      }
    }
  });

  test('masks_rle_boxes', () => {
    interface Case {
      readonly mask: PackedMask;
      readonly rle: { readonly size: [number, number]; readonly counts: number[] };
      readonly coco_rle: { readonly size: [number, number]; readonly counts: string };
      readonly area: number;
      readonly coco_bbox_xywh: readonly [number, number, number, number];
      readonly mask_to_box_xyxy: readonly [number, number, number, number];
    }
    const { cases } = read('masks_rle_boxes') as { cases: Case[] };
    expect(cases.length).toBe(15);
    for (const item of cases) {
      const [bitmap] = unpack(item.mask) as [Bitmap];
      const rle = encodeRle(bitmap);
      expect(rle).toEqual(item.rle);
      expect(toCompressedRle(rle)).toEqual(item.coco_rle);
      expect(fromCompressedRle(item.coco_rle)).toEqual(item.rle);
      expect(decodeRle(rle)).toEqual(bitmap);
      expect(rleArea(rle)).toBe(item.area);
      expect(bitmapArea(bitmap)).toBe(item.area);
      const [x, y, width, height] = item.coco_bbox_xywh;
      expect(rleBounds(rle)).toEqual({ x, y, width, height });
      expect(bitmapBounds(bitmap)).toEqual({ x, y, width, height });
      expect(inclusiveCorners(bitmap)).toEqual(item.mask_to_box_xyxy);
    }
  });

  test('mask_to_box_batched', () => {
    const { mask, boxes } = read('mask_to_box_batched') as {
      mask: PackedMask;
      boxes: number[][][];
    };
    expect(unpack(mask).map(inclusiveCorners)).toEqual(boxes.flat());
  });

  test('remove_small_regions', () => {
    interface Case {
      readonly mask: PackedMask | null;
      readonly mode: 'holes' | 'islands';
      readonly area_thresh: number;
      readonly changed: boolean;
      readonly result: PackedMask;
    }
    const { cases } = read('remove_small_regions') as { cases: Case[] };
    expect(cases.length).toBe(48);
    let mask: PackedMask | undefined;
    for (const item of cases) {
      mask = item.mask ?? mask!; // Given once, and left out while it stays the same.
      const [bitmap] = unpack(mask) as [Bitmap];
      const cleaned = removeSmallRegions(bitmap, item.area_thresh, item.mode);
      expect(cleaned.changed).toBe(item.changed);
      expect(cleaned.bitmap).toEqual(unpack(item.result)[0]);
    }
  });

  test.each([5, 30])('postprocess_small_regions, below %i pixels', (minimumArea) => {
    interface Case {
      readonly masks: PackedMask;
      readonly min_area: number;
      readonly rles: readonly { readonly size: number[]; readonly counts: number[] }[];
      readonly boxes: readonly number[][];
      readonly kept: readonly number[];
    }
    const item = read(`postprocess_small_regions_${minimumArea}`) as Case;
    const bitmaps = unpack(item.masks);
    expect(item.kept.length).toBeGreaterThan(0);
    for (const [i, index] of item.kept.entries()) {
      const filled = removeSmallRegions(bitmaps[index]!, item.min_area, 'holes').bitmap;
      const cleaned = removeSmallRegions(filled, item.min_area, 'islands').bitmap;
      expect(encodeRle(cleaned)).toEqual(item.rles[i]);
      expect(inclusiveCorners(cleaned)).toEqual(item.boxes[i]);
    }
  });
});

/** The official form of bounds: corner pixels that both belong to the box; zeros when empty. */
function inclusiveCorners(bitmap: Bitmap): number[] {
  const { x, y, width, height } = bitmapBounds(bitmap);
  return width === 0 ? [0, 0, 0, 0] : [x, y, x + width - 1, y + height - 1];
}
