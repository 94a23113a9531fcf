import { basename } from 'node:path';
import type { CompressedRle, Mask, Polygon, Size } from 'samgpu';

/** A COCO file with the masks of one picture. */
export interface CocoFile {
  readonly info: { readonly description: string };
  readonly images: readonly (Size & { readonly id: number; readonly file_name: string })[];
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
}

/** One mask as COCO describes it. */
export interface CocoAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly segmentation: readonly (readonly number[])[] | CompressedRle;
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly area: number;
  readonly iscrowd: 0;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** How little the mask changes when its threshold moves, of masks that were found by a grid. */
  readonly stability_score?: number;
  /** Where the model was asked. */
  readonly point_coords?: readonly (readonly [x: number, y: number])[];
  /** The part of the picture that the model saw. */
  readonly crop_box?: readonly [x: number, y: number, width: number, height: number];
}

/** What is known of a mask that was found by a grid, by the names of the official generator. */
export type CocoExtras = Pick<CocoAnnotation, 'stability_score' | 'point_coords' | 'crop_box'>;

const IMAGE = 1;

/** Of every annotation: what objects are, nobody says. */
export const COCO_CATEGORY = 1;

/** What our COCO files say of themselves. */
export const cocoHead: Pick<CocoFile, 'info' | 'categories'> = {
  info: { description: 'Masks by samgpu' },
  categories: [{ id: COCO_CATEGORY, name: 'object' }],
};

/** @param id - from 1, unique in its file */
export function cocoAnnotation(mask: Mask, id: number, extras: CocoExtras = {}): CocoAnnotation {
  const { x, y, width, height } = mask.bounds;
  return {
    id,
    image_id: IMAGE,
    category_id: COCO_CATEGORY,
    segmentation: segmentationOf(mask),
    bbox: [x, y, width, height],
    area: mask.area,
    iscrowd: 0,
    score: mask.score,
    ...extras,
  };
}

export function cocoFile(
  file: string,
  { width, height }: Size,
  annotations: readonly CocoAnnotation[],
): CocoFile {
  return {
    info: cocoHead.info,
    images: [{ id: IMAGE, file_name: basename(file), width, height }],
    annotations,
    categories: cocoHead.categories,
  };
}

// Every reader takes polygons, but COCO's have no holes, and a list of none is not valid.
function segmentationOf(mask: Mask): readonly (readonly number[])[] | CompressedRle {
  const polygons = mask.toPolygons();
  const isPlain = polygons.length > 0 && polygons.every(({ holes }) => holes.length === 0);
  return isPlain ? polygons.map(flatten) : mask.toRle({ compressed: true });
}

function flatten({ outer }: Polygon): number[] {
  return outer.flatMap(([x, y]) => [x, y]);
}
