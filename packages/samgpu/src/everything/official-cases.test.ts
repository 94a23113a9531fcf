import { readFileSync } from 'node:fs';

import { fromCompressedRle } from '@samgpu/mask';
import { expect, test } from 'vitest';

import { EverythingRun } from './everything-run.ts';
import type { EverythingOptions } from './everything-options.ts';
import {
  formulaImage,
  formulaPicture,
  formulaVariant,
  formulaVariant2,
} from './fixtures/formula-image.ts';

/** Options by the names of the official generator. */
interface OfficialOptions {
  readonly points_per_side?: number | null;
  readonly points_per_batch?: number;
  readonly pred_iou_thresh?: number;
  readonly stability_score_thresh?: number;
  readonly stability_score_offset?: number;
  readonly box_nms_thresh?: number;
  readonly crop_n_layers?: number;
  readonly crop_nms_thresh?: number;
  readonly crop_overlap_ratio?: number;
  readonly crop_n_points_downscale_factor?: number;
  readonly min_mask_region_area?: number;
  readonly use_m2m?: boolean;
  readonly point_grids?: readonly (readonly (readonly [number, number])[])[];
}

interface OfficialMask {
  readonly counts: string;
  readonly area: number;
  /** Corners are pixels of the box, so sides are a pixel shorter than ours. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly predicted_iou: number;
  readonly point: readonly [x: number, y: number];
  readonly stability_score: number;
  readonly crop_box: readonly [x: number, y: number, width: number, height: number];
}

interface OfficialCase {
  /** Of the generator: that of SAM or that of SAM 2. */
  readonly generation: 1 | 2;
  readonly width: number;
  readonly height: number;
  readonly options: OfficialOptions;
  readonly masks: readonly OfficialMask[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('fixtures/official-cases.json', import.meta.url), 'utf8'),
) as { cases: OfficialCase[] };

function optionsOf(official: OfficialOptions): EverythingOptions {
  const options = {
    pointsPerSide: official.points_per_side ?? undefined,
    pointsPerBatch: official.points_per_batch,
    predIouThreshold: official.pred_iou_thresh,
    stabilityThreshold: official.stability_score_thresh,
    stabilityOffset: official.stability_score_offset,
    boxNmsThreshold: official.box_nms_thresh,
    cropLayers: official.crop_n_layers,
    cropNmsThreshold: official.crop_nms_thresh,
    cropOverlapRatio: official.crop_overlap_ratio,
    cropPointsDownscale: official.crop_n_points_downscale_factor,
    minMaskRegionArea: official.min_mask_region_area,
    refine: official.use_m2m,
    pointGrids: official.point_grids?.map((grid) => grid.map(([x, y]) => ({ x, y }))),
  };
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as EverythingOptions;
}

const boxOf = ([x, y, width, height]: readonly [number, number, number, number], more: number) => ({
  x,
  y,
  width: width + more,
  height: height + more,
});

test.each(cases.map((item, i) => [i, item] as const))(
  'case %i equals the official generators, mask by mask',
  async (_, { generation, width, height, options, masks }) => {
    const variant = generation === 1 ? formulaVariant : formulaVariant2;
    const image = formulaImage(formulaPicture(width, height), variant);
    const everything = await new EverythingRun(image, optionsOf(options));
    const found = everything.masks.map(({ mask, bounds, point, cropBox, ...rest }) => ({
      ...rest,
      // SAM 2's generator keeps points as float32.
      point: generation === 1 ? point : { x: Math.fround(point.x), y: Math.fround(point.y) },
      rle: mask.toRle(),
      bounds,
      cropBox,
    }));
    expect(masks.length).toBeGreaterThan(10);
    const wanted = masks.map((mask) => ({
      rle: fromCompressedRle({ size: [height, width], counts: mask.counts }),
      area: mask.area,
      bounds: mask.area === 0 ? boxOf([0, 0, 0, 0], 0) : boxOf(mask.bbox, 1),
      score: mask.predicted_iou,
      stability: mask.stability_score,
      point: { x: mask.point[0], y: mask.point[1] },
      cropBox: boxOf(mask.crop_box, 0),
    }));
    expect(found).toEqual(wanted);
  },
);
