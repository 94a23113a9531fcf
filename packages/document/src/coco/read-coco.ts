import {
  distinctColors,
  fromCompressedRle,
  Mask,
  MaskError,
  type Rle,
  rleFromCocoPolygons,
  type Size,
} from '@samgpu/mask';

import { DocumentError } from '../document-error.ts';
import { parseHexadecimalColor } from '../hexadecimal-color.ts';
import { Budget, defaultLimits, type ReadLimits } from '../limits.ts';
import type { ReadObject } from '../picture-document.ts';

/** Annotations, of which those of a picture become objects. */
export interface CocoDocument {
  readonly images: readonly CocoPicture[];
  /**
   * The objects of a picture: of the one with its name, else of the only one with its size.
   *
   * @throws DocumentError `wrong-picture`, `damaged` or `too-large`
   */
  objectsFor(image: Size & { readonly name?: string }): ReadObject[];
}

/** A picture that the file speaks of. */
export interface CocoPicture extends Size {
  readonly id: number | string;
  readonly name: string;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads COCO's JSON: polygons as pycocotools fills them, run lengths compressed or not.
 *
 * @throws DocumentError `damaged`, `unknown-format` or `too-large`
 */
export function readCoco(text: string, limits: ReadLimits = defaultLimits): CocoDocument {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (cause) {
    throw new DocumentError('damaged', `The file is not JSON: ${String(cause)}.`, { cause });
  }
  if (!isObject(root) || !Array.isArray(root['images']) || !Array.isArray(root['annotations'])) {
    throw new DocumentError(
      'unknown-format',
      'The JSON is not COCO: wanted an object with "images" and "annotations".',
    );
  }
  const annotations = root['annotations'] as readonly unknown[];
  if (annotations.length > 100 * limits.maxObjects) {
    throw new DocumentError(
      'too-large',
      `The COCO file has ${annotations.length} annotations; the limit is ${100 * limits.maxObjects}.`,
    );
  }
  const images = (root['images'] as readonly unknown[]).map(readPicture);
  const categories = new Map(
    (Array.isArray(root['categories']) ? root['categories'] : [])
      .filter(isObject)
      .map((category) => [category['id'], String(category['name'])]),
  );
  return {
    images,
    objectsFor: (image) => {
      const picture = findPicture(images, image);
      const wanted = annotations
        .filter(isObject)
        .filter((annotation) => annotation['image_id'] === picture.id);
      if (wanted.length > limits.maxObjects) {
        throw new DocumentError(
          'too-large',
          `${picture.name} has ${wanted.length} annotations; the limit is ${limits.maxObjects}.`,
        );
      }
      const work = new Budget('columns crossed by outlines', limits.maxCrossings);
      const colors = distinctColors(wanted.length);
      return wanted.flatMap((annotation, i) => {
        const mask = readMask(annotation, picture, work);
        return mask === undefined
          ? []
          : [{ ...describe(annotation, categories, colors[i]!), mask }];
      });
    },
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readPicture(value: unknown, index: number): CocoPicture {
  const { id, width, height, file_name: name } = isObject(value) ? value : {};
  if (
    (typeof id !== 'number' && typeof id !== 'string') ||
    !Number.isSafeInteger(width) ||
    !Number.isSafeInteger(height)
  ) {
    throw new DocumentError(
      'damaged',
      `images[${index}] of the COCO file lacks id, width or height.`,
    );
  }
  return { id, width: width as number, height: height as number, name: String(name) };
}

function findPicture(
  images: readonly CocoPicture[],
  { name, width, height }: Size & { readonly name?: string },
): CocoPicture {
  const stem = (path: string): string => path.replace(/^.*[/\\]/, '').replace(/\.\w+$/, '');
  const sameSize = images.filter((image) => image.width === width && image.height === height);
  const sameName =
    name === undefined ? [] : sameSize.filter((image) => stem(image.name) === stem(name));
  const found = sameName[0] ?? (sameSize.length === 1 ? sameSize[0] : undefined);
  if (found !== undefined) return found;
  const first = images[0];
  const example = first === undefined ? 'none' : `${first.name}, ${first.width} x ${first.height}`;
  throw new DocumentError(
    'wrong-picture',
    `The COCO file speaks of ${images.length} pictures, ${sameSize.length} of them ${width} x ${height} like the open one and ${sameName.length} with its name; the first is ${example}. Open the picture that the annotations belong to.`,
  );
}

function readMask(annotation: Json, size: Size, work: Budget): Mask | undefined {
  const { segmentation } = annotation;
  try {
    const rle = readSegmentation(segmentation, size, work);
    return rle === undefined ? undefined : Mask.fromRle(rle);
  } catch (cause) {
    if (!(cause instanceof MaskError)) throw cause;
    throw new DocumentError(
      'damaged',
      `Annotation ${String(annotation['id'])} of the COCO file: ${cause.message}`,
      { cause },
    );
  }
}

function readSegmentation(
  segmentation: unknown,
  { width, height }: Size,
  work: Budget,
): Rle | undefined {
  if (Array.isArray(segmentation)) {
    const polygons = segmentation as readonly (readonly number[])[];
    if (polygons.length === 0) return undefined;
    for (const polygon of polygons) work.take(workOf(polygon, width));
    return rleFromCocoPolygons(polygons, { width, height });
  }
  // Annotations may be boxes only.
  if (!isObject(segmentation)) return undefined;
  const { size, counts } = segmentation;
  if (!Array.isArray(size) || size[0] !== height || size[1] !== width) {
    throw new DocumentError(
      'damaged',
      `An annotation of the COCO file has run lengths for ${JSON.stringify(size)}; wanted [${height}, ${width}].`,
    );
  }
  const rle = { size: [height, width] as const, counts };
  if (typeof counts === 'string') {
    work.take(counts.length);
    return fromCompressedRle({ size: rle.size, counts });
  }
  if (Array.isArray(counts)) work.take(counts.length);
  return rle as Rle;
}

/** What a polygon costs to fill: a step for each corner, and for each column that an edge crosses. */
function workOf(polygon: unknown, width: number): number {
  if (!Array.isArray(polygon)) return 1;
  let work = polygon.length;
  for (let at = 0; at + 1 < polygon.length; at += 2) {
    const across = Math.abs(Number(polygon[at]) - Number(polygon[(at + 2) % polygon.length]));
    work += Math.min(width, across) || 0;
  }
  return work;
}

function describe(
  annotation: Json,
  categories: ReadonlyMap<unknown, string>,
  color: ReadObject['color'],
): Omit<ReadObject, 'mask'> {
  const known = annotation['attributes'];
  const attributes = isObject(known) ? known : {};
  const { name, visible, opacity } = attributes;
  const given = attributes['color'];
  return {
    name:
      typeof name === 'string'
        ? name
        : `${categories.get(annotation['category_id']) ?? 'object'} ${String(annotation['id'])}`,
    color: (typeof given === 'string' ? parseHexadecimalColor(given) : undefined) ?? color,
    visible: visible !== false,
    ...(typeof opacity === 'number' && opacity >= 0 && opacity <= 1 && { opacity }),
  };
}
