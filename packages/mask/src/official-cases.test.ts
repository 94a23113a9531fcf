// Checks against outputs of the official Python code.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';

import { bitmapArea, bitmapBounds, type Bitmap } from './bitmap.ts';
import { boxNms } from './suppression/box-nms.ts';
import type { BoxCorners } from './crops/box-corners.ts';
import {
  formulaValues,
  inclusiveCorners,
  type PackedMask,
  readCases,
  unpack,
} from './fixtures/official-cases.ts';
import { fromCompressedRle, toCompressedRle } from './run-length-text.ts';
import { decodeRle, encodeRle, rleArea, rleBounds } from './run-length.ts';
import { removeSmallRegions } from './small-regions.ts';
import { stabilityScore } from './stability-score.ts';
import { upsampleLogits } from './upsample-logits.ts';
import { RleUpsampler } from './upsample-to-rle.ts';

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

describe('official cases', () => {
  test('postprocess_masks', () => {
    const { cases } = readCases('postprocess_masks') as { cases: UpsamplingCase[] };
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

      const upsampler = new RleUpsampler({ logits, output: { width, height }, path });
      const { rle, area, bounds, stability } = upsampler.upsample(logits.data);
      expect(packedHash(decodeRle(rle))).toBe(item.mask_sha256_packed);
      expect({ area, bounds }).toEqual({ area: mask.area, bounds: mask.bounds });
      expect(stability).toBe(Math.fround(stabilityScore(full.logits!.data)));
    }
  });

  test('bicubic_upscale', () => {
    const { cases } = readCases('bicubic_upscale') as { cases: UpsamplingCase[] };
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
    for (const item of (readCases('stability_score') as { cases: Case[] }).cases) {
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
    const { cases } = readCases('masks_rle_boxes') as { cases: Case[] };
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
    const { mask, boxes } = readCases('mask_to_box_batched') as {
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
    const { cases } = readCases('remove_small_regions') as { cases: Case[] };
    expect(cases.length).toBe(48);
    let mask: PackedMask | undefined;
    for (const item of cases) {
      mask = item.mask ?? mask!; // Given once, and left out while it stays the same.
      const [bitmap] = unpack(mask) as [Bitmap];
      const cleaned = removeSmallRegions(bitmap, item.area_thresh, item.mode);
      expect(cleaned.changed).toBe(item.changed);
      expect(cleaned.bitmap).toEqual(unpack(item.result)[0]);

      const rle = removeSmallRegions(encodeRle(bitmap), item.area_thresh, item.mode);
      expect(rle.changed).toBe(item.changed);
      expect(rle.rle).toEqual(encodeRle(cleaned.bitmap));
    }
  });

  test.each([5, 30])('postprocess_small_regions, below %i pixels', (minimumArea) => {
    interface Case {
      readonly masks: PackedMask;
      readonly min_area: number;
      readonly nms_thresh: number;
      readonly rles: readonly { readonly size: number[]; readonly counts: number[] }[];
      readonly boxes: readonly number[][];
      readonly kept: readonly number[];
    }
    const item = readCases(`postprocess_small_regions_${minimumArea}`) as Case;
    const cleaned = unpack(item.masks).map((bitmap) => {
      const filled = removeSmallRegions(bitmap, item.min_area, 'holes');
      const islands = removeSmallRegions(filled.bitmap, item.min_area, 'islands');
      return { bitmap: islands.bitmap, changed: filled.changed || islands.changed };
    });
    const boxes = cleaned.map(({ bitmap }) => inclusiveCorners(bitmap) as unknown as BoxCorners);
    // Masks that needed no cleaning are preferred.
    const scores = cleaned.map(({ changed }) => (changed ? 0 : 1));
    expect(boxNms(boxes, scores, item.nms_thresh)).toEqual(item.kept);
    expect(item.kept.length).toBeGreaterThan(0);
    for (const [i, index] of item.kept.entries()) {
      expect(encodeRle(cleaned[index]!.bitmap)).toEqual(item.rles[i]);
      expect(boxes[index]).toEqual(item.boxes[i]);
    }
  });
});
