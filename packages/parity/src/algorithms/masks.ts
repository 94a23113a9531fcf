import {
  type Bitmap,
  bitmapArea,
  bitmapBounds,
  type BoxCorners,
  boxNms,
  decodeRle,
  encodeRle,
  fromCompressedRle,
  pixelCorners,
  removeSmallRegions,
  type Rle,
  rleArea,
  rleBounds,
  stabilityScore,
  toCompressedRle,
  uncropMask,
} from '@samgpu/mask';
import { formulaValues } from '@samgpu/testing';

import { comparedMasks } from '../core/masks.ts';
import type { StageList } from '../core/stage-list.ts';
import {
  type Algorithm,
  boxOf,
  eachCase,
  exactly,
  type Json,
  type PackedMask,
  sameText,
  unpack,
} from './algorithm.ts';

interface StabilityCase {
  readonly key?: string;
  readonly seed?: number;
  readonly scale?: number;
  readonly constant?: readonly number[];
  readonly shape: readonly [number, number, number];
  readonly mask_threshold: number;
  readonly threshold_offset: number;
  readonly scores: readonly (number | null)[];
}

const stability = eachCase(
  'stability_score',
  ['mask_threshold', 'threshold_offset', 'scores'],
  (item: StabilityCase, at, stages) => {
    const [count, height, width] = item.shape;
    const size = height * width;
    const { key, seed = 0, scale = 1, constant = [] } = item;
    const values =
      key === undefined
        ? Float32Array.from({ length: count * size }, (_, i) => constant[Math.floor(i / size)]!)
        : formulaValues(key, count * size, { seed, scale: Math.fround(scale) });
    const options = { threshold: item.mask_threshold, offset: item.threshold_offset };
    const scores = Array.from({ length: count }, (_, mask) =>
      Math.fround(stabilityScore(values.subarray(mask * size, (mask + 1) * size), options)),
    );
    // The official quotient is a float32; its NaN (null) is 0 here by choice.
    const wanted = item.scores.map((score) => Math.fround(score ?? 0));
    exactly(stages, at, scores, wanted);
  },
);

interface RleCase {
  readonly mask: PackedMask;
  readonly rle: Rle;
  readonly coco_rle: { readonly size: [number, number]; readonly counts: string };
  readonly area: number;
  readonly coco_bbox_xywh: readonly [number, number, number, number];
  readonly mask_to_box_xyxy: readonly [number, number, number, number];
}

const runLengths = eachCase(
  'masks_rle_boxes',
  ['mask', 'rle', 'coco_rle'],
  (item: RleCase, at, stages) => {
    const [bitmap] = unpack(item.mask) as [Bitmap];
    const rle = encodeRle(bitmap);
    exactly(stages, `${at}.rle`, [rle.size, rle.counts], [item.rle.size, item.rle.counts]);
    sameText(stages, `${at}.coco_rle`, toCompressedRle(rle).counts, item.coco_rle.counts);
    const read = fromCompressedRle(item.coco_rle);
    exactly(stages, `${at}.coco_rle.read`, [read.size, read.counts], [rle.size, rle.counts]);
    sameMasks(stages, `${at}.decoded`, [decodeRle(rle)], item.mask);
    exactly(stages, `${at}.area`, [rleArea(rle), bitmapArea(bitmap)], [item.area, item.area]);
    const { x, y, width, height } = rleBounds(rle);
    exactly(stages, `${at}.coco_bbox`, [x, y, width, height], item.coco_bbox_xywh);
    exactly(stages, `${at}.mask_to_box`, inclusiveCorners(bitmap), item.mask_to_box_xyxy);
  },
);

const boxesOfMasks: Algorithm = {
  name: 'mask_to_box_batched',
  fields: ['mask', 'boxes'],
  check(json, stages) {
    const { mask, boxes } = json as unknown as { mask: PackedMask; boxes: number[][][] };
    exactly(stages, 'mask_to_box_batched', unpack(mask).map(inclusiveCorners), boxes);
  },
};

interface RegionsCase {
  readonly mask: PackedMask | null;
  readonly mode: 'holes' | 'islands';
  readonly area_thresh: number;
  readonly changed: boolean;
  readonly result: PackedMask;
}

const smallRegions: Algorithm = {
  name: 'remove_small_regions',
  fields: ['area_thresh', 'mode', 'result'],
  check({ cases }, stages) {
    let mask: PackedMask | undefined;
    (cases as readonly RegionsCase[]).forEach((item, index) => {
      const at = `remove_small_regions[${index}]`;
      // A mask is given once, and left out while it stays the same.
      mask = item.mask ?? mask!;
      const [bitmap] = unpack(mask) as [Bitmap];
      const cleaned = removeSmallRegions(bitmap, item.area_thresh, item.mode);
      exactly(stages, `${at}.changed`, [cleaned.changed], [item.changed]);
      sameMasks(stages, at, [cleaned.bitmap], item.result);
      const runs = removeSmallRegions(encodeRle(bitmap), item.area_thresh, item.mode).rle;
      sameMasks(stages, `${at}.rle`, [decodeRle(runs)], item.result);
    });
  },
};

interface CleaningCase {
  readonly masks: PackedMask;
  readonly min_area: number;
  readonly nms_thresh: number;
  readonly rles: readonly Rle[];
  readonly boxes: readonly (readonly number[])[];
  readonly kept: readonly number[];
}

/** Small regions of all masks of a picture, and suppression of those that became alike. */
const cleaning: Algorithm = {
  name: 'postprocess_small_regions',
  fields: ['masks', 'min_area', 'nms_thresh', 'rles'],
  check(json, stages) {
    const item = json as Json & CleaningCase;
    const cleaned = unpack(item.masks).map((bitmap) => {
      const filled = removeSmallRegions(bitmap, item.min_area, 'holes');
      const islands = removeSmallRegions(filled.bitmap, item.min_area, 'islands');
      return { bitmap: islands.bitmap, changed: filled.changed || islands.changed };
    });
    const boxes = cleaned.map(({ bitmap }) => inclusiveCorners(bitmap));
    // Masks that needed no cleaning are preferred.
    const scores = cleaned.map(({ changed }) => (changed ? 0 : 1));
    const kept = boxNms(boxes, scores, item.nms_thresh);
    exactly(stages, 'kept', kept, item.kept);
    const counts = item.kept.map((index) => encodeRle(cleaned[index]!.bitmap).counts);
    exactly(
      stages,
      'rles',
      counts,
      item.rles.map((rle) => rle.counts),
    );
    const keptBoxes = item.kept.map((index) => boxes[index]!);
    exactly(stages, 'boxes', keptBoxes, item.boxes);
  },
};

interface UncropCase {
  readonly crop_box: BoxCorners;
  readonly orig_h: number;
  readonly orig_w: number;
  readonly mask: PackedMask;
  readonly result: PackedMask;
}

const uncrop: Algorithm = {
  name: 'uncrop_masks',
  fields: ['crop_box', 'orig_h', 'result'],
  check(json, stages) {
    const item = json as Json & UncropCase;
    const image = { width: item.orig_w, height: item.orig_h };
    const crop = boxOf(item.crop_box);
    const masks = unpack(item.mask);
    const whole = masks.map((mask) => uncropMask(mask, crop, image));
    sameMasks(stages, 'uncrop_masks', whole, item.result);
    const runs = masks.map((mask) => decodeRle(uncropMask(encodeRle(mask), crop, image)));
    sameMasks(stages, 'uncrop_masks.rle', runs, item.result);
  },
};

function sameMasks(
  stages: StageList,
  name: string,
  masks: readonly Bitmap[],
  official: PackedMask,
): void {
  const bits = Uint8Array.from(unpack(official).flatMap(({ data }) => [...data]));
  stages.add(comparedMasks({ name, shape: official.shape, minimumIoU: 1 }, masks, bits));
}

/** The official form of bounds: corner pixels that both belong to the box. */
function inclusiveCorners(bitmap: Bitmap): BoxCorners {
  return pixelCorners(bitmapBounds(bitmap));
}

export const maskAlgorithms: readonly Algorithm[] = [
  stability,
  runLengths,
  smallRegions,
  cleaning,
  uncrop,
  boxesOfMasks,
];
