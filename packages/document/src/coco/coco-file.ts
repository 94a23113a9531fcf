import type { CompressedRle, Mask, Polygon, Size, Vertex } from '@samgpu/mask';

/** A COCO file with masks of pictures. */
export interface CocoFile {
  readonly info: { readonly description: string };
  readonly images: readonly CocoImage[];
  readonly annotations: readonly CocoAnnotation[];
  readonly categories: readonly CocoCategory[];
}

/** A picture that a COCO file speaks of. */
export interface CocoImage extends Size {
  readonly id: number;
  readonly file_name: string;
}

/** What an object may be. */
export interface CocoCategory {
  readonly id: number;
  readonly name: string;
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
  /** What a person called the object, and how it is shown. Not of COCO. */
  readonly attributes?: CocoObjectAttributes;
}

/** What documents know of objects beyond COCO. */
export interface CocoObjectAttributes {
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  readonly visible: boolean;
  readonly opacity?: number;
}

/** What is known of a mask that was found by a grid, by the names of the official generator. */
export type CocoExtras = Pick<
  CocoAnnotation,
  'stability_score' | 'point_coords' | 'crop_box' | 'attributes'
>;

/**
 * How masks are written: `rle` always as run lengths; `polygons` always as outlines, holes joined to
 * them by lines of no width; `auto` as outlines where there are no holes, which every reader takes.
 */
export type CocoSegmentation = 'auto' | 'polygons' | 'rle';

const IMAGE = 1;

/** Of annotations where nobody says what objects are. */
export const COCO_CATEGORY = 1;

/** What our COCO files say of themselves. */
export const cocoHead: Pick<CocoFile, 'info' | 'categories'> = {
  info: { description: 'Masks by samgpu' },
  categories: [{ id: COCO_CATEGORY, name: 'object' }],
};

/** @param id - from 1, unique in its file */
export function cocoAnnotation(
  mask: Mask,
  id: number,
  {
    segmentation = 'auto',
    category = COCO_CATEGORY,
    ...extras
  }: CocoExtras & {
    readonly segmentation?: CocoSegmentation;
    readonly category?: number;
  } = {},
): CocoAnnotation {
  const { x, y, width, height } = mask.bounds;
  return {
    id,
    image_id: IMAGE,
    category_id: category,
    segmentation: segmentationOf(mask, segmentation),
    bbox: [x, y, width, height],
    area: mask.area,
    iscrowd: 0,
    score: mask.score,
    ...extras,
  };
}

/** @param fileName - of the picture, without folders */
export function cocoFile(
  fileName: string,
  { width, height }: Size,
  annotations: readonly CocoAnnotation[],
  categories: readonly CocoCategory[] = cocoHead.categories,
): CocoFile {
  return {
    info: cocoHead.info,
    images: [{ id: IMAGE, file_name: fileName, width, height }],
    annotations,
    categories,
  };
}

// Every reader takes polygons, but COCO's have no holes, and a list of none is not valid.
function segmentationOf(
  mask: Mask,
  form: CocoSegmentation,
): readonly (readonly number[])[] | CompressedRle {
  if (form !== 'rle') {
    const polygons = mask.toPolygons();
    const isPlain = form === 'polygons' || polygons.every(({ holes }) => holes.length === 0);
    if (isPlain && polygons.length > 0) return polygons.map(flatten);
  }
  return mask.toRle({ compressed: true });
}

/** One line around a piece: to each hole and back the same way, which cancels out. */
function flatten({ outer, holes }: Polygon): number[] {
  const [start] = outer as readonly [Vertex, ...Vertex[]];
  const bridged = holes.flatMap((hole) => [start, ...hole, hole[0]!]);
  return [...outer, ...bridged].flatMap(([x, y]) => [x, y]);
}
