import { describe, expect, test } from 'vitest';

import type { Bitmap } from '../bitmap.ts';
import type { Box } from '../box.ts';
import { type PackedMask, readCases, unpack } from '../fixtures/official-cases.ts';
import { MaskError } from '../mask-error.ts';
import { encodeRle } from '../run-length.ts';
import { pixelCorners, type BoxCorners } from './box-corners.ts';
import { cropBoxes } from './crop-boxes.ts';
import { isNearCropEdge, uncropBox, uncropPoint } from './near-crop-edge.ts';
import { uncropMask } from './uncrop-mask.ts';

function boxOf([left, top, right, bottom]: BoxCorners): Box {
  return { x: left, y: top, width: right - left, height: bottom - top };
}

describe('cropBoxes', () => {
  test('gives those of the official code', () => {
    interface Case {
      readonly im_size: readonly [height: number, width: number];
      readonly n_layers: number;
      readonly overlap_ratio: number;
      readonly crop_boxes: readonly BoxCorners[];
      readonly layer_idxs: readonly number[];
    }
    const { cases } = readCases('crop_boxes') as { cases: Case[] };
    expect(cases.length).toBe(54);
    for (const { im_size, n_layers, overlap_ratio, crop_boxes, layer_idxs } of cases) {
      const size = { width: im_size[1], height: im_size[0] };
      const wanted = crop_boxes.map((box, i) => ({ ...boxOf(box), layer: layer_idxs[i] }));
      expect(cropBoxes(size, n_layers, overlap_ratio)).toEqual(wanted);
    }
  });

  test.each([
    [-1, 0.3],
    [1.5, 0.3],
    [9, 0.3],
    [1, -0.1],
    [1, 1],
    [1, Number.NaN],
  ])('refuses %f layers with an overlap of %f', (layers, overlap) => {
    expect(() => cropBoxes({ width: 100, height: 80 }, layers, overlap)).toThrow(MaskError);
  });
});

test('the edges of crops, and back to the picture', () => {
  interface Case {
    readonly orig_box: BoxCorners;
    readonly crop_box: BoxCorners;
    readonly boxes: readonly BoxCorners[];
    readonly atol: number;
    readonly near: readonly boolean[];
    readonly uncropped_boxes: readonly BoxCorners[];
    readonly uncropped_points: readonly (readonly [number, number])[];
  }
  const { cases } = readCases('crop_edges') as { cases: Case[] };
  expect(cases.length).toBe(4);
  for (const item of cases) {
    const crop = boxOf(item.crop_box);
    const image = boxOf(item.orig_box);
    item.boxes.forEach((box, i) => {
      expect(isNearCropEdge(box, crop, image, item.atol)).toBe(item.near[i]);
      expect(uncropBox(box, crop)).toEqual(item.uncropped_boxes[i]);
      const [x, y] = box;
      const [wantedX, wantedY] = item.uncropped_points[i]!;
      expect(uncropPoint({ x, y }, crop)).toEqual({ x: wantedX, y: wantedY });
    });
  }
});

describe('uncropMask', () => {
  const item = readCases('uncrop_masks') as {
    readonly crop_box: BoxCorners;
    readonly orig_h: number;
    readonly orig_w: number;
    readonly mask: PackedMask;
    readonly result: PackedMask;
  };
  const [mask] = unpack(item.mask) as [Bitmap];
  const [result] = unpack(item.result) as [Bitmap];
  const crop = boxOf(item.crop_box);
  const image = { width: item.orig_w, height: item.orig_h };

  test('equals the official one, on bitmaps and on run lengths', () => {
    expect(uncropMask(mask, crop, image)).toEqual(result);
    expect(uncropMask(encodeRle(mask), crop, image)).toEqual(encodeRle(result));
    const whole = { x: 0, y: 0, width: mask.width, height: mask.height };
    expect(uncropMask(encodeRle(mask), whole, mask)).toEqual(encodeRle(mask));
  });

  test('refuses a mask of another size, and a crop beside the picture', () => {
    expect(() => uncropMask(result, crop, image)).toThrow('wanted a mask of the crop');
    expect(() => uncropMask(mask, { ...crop, x: 40 }, image)).toThrow('inside the image');
  });
});

test('corners are those of the outermost pixels', () => {
  expect(pixelCorners({ x: 3, y: 4, width: 1, height: 2 })).toEqual([3, 4, 3, 5]);
  expect(pixelCorners({ x: 0, y: 0, width: 0, height: 0 })).toEqual([0, 0, 0, 0]);
});
