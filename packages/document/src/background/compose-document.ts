import { type PixelSource, type RgbaImage, type Size, toRgbaImage } from '@samgpu/mask';

import { drawObjects } from '../draw-objects.ts';
import { ObjectPixels } from '../object-pixels.ts';
import { assertDocument, type PictureDocument } from '../picture-document.ts';
import { Breath } from './breath.ts';
import { backgroundRows, type BackgroundRows } from './background-rows.ts';

/** For work on a whole picture. */
export interface WorkOptions {
  readonly signal?: AbortSignal;
  /** @param done - share, 0 to 1 */
  readonly onProgress?: (done: number) => void;
}

/** Pixels that are made at a time, between looks at the signal and breaths for the page. */
const pixelsPerStrip = 2 ** 18;

/**
 * What a document shows: its visible objects over its background. With the original picture behind
 * them that is the picture.
 *
 * Memory beyond the result: a strip of rows, and the alpha of objects within their bounds.
 *
 * @throws DocumentError `invalid-document` or `invalid-option`; what `signal` was aborted with
 */
export async function composeDocument(
  document: PictureDocument,
  options: WorkOptions = {},
): Promise<RgbaImage> {
  assertDocument(document);
  const { image, background = { kind: 'original' } } = document;
  const objects = background.kind === 'original' ? [] : visiblePixels(document);
  return render(image, backgroundRows(image, objects, background), objects, options);
}

/**
 * The same with the background as {@link renderBackground} made it.
 *
 * @throws what `signal` was aborted with
 */
export async function composeOver(
  background: PixelSource,
  document: PictureDocument,
  options: WorkOptions = {},
): Promise<RgbaImage> {
  const rows = backgroundRows(background, [], { kind: 'original' });
  return render(background, rows, visiblePixels(document), options);
}

/** The background of a document by itself, without objects over it. */
export async function renderBackground(
  document: Omit<PictureDocument, 'name'>,
  options: WorkOptions = {},
): Promise<RgbaImage> {
  const { image, background = { kind: 'original' } } = document;
  const objects = background.kind === 'blur' ? visiblePixels(document) : [];
  return render(image, backgroundRows(image, objects, background), [], options);
}

function visiblePixels({
  image,
  objects,
}: Pick<PictureDocument, 'image' | 'objects'>): ObjectPixels[] {
  return objects.filter(({ visible }) => visible).map((object) => new ObjectPixels(image, object));
}

async function render(
  { width, height }: Size,
  background: BackgroundRows,
  objects: readonly ObjectPixels[],
  { signal, onProgress }: WorkOptions,
): Promise<RgbaImage> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  const rowsPerStrip = Math.max(1, Math.floor(pixelsPerStrip / width));
  const breath = new Breath();
  for (let top = 0; top < height; top += rowsPerStrip) {
    await breath.ifDue(signal);
    const count = Math.min(rowsPerStrip, height - top);
    const strip = pixels.subarray(top * width * 4, (top + count) * width * 4);
    background.rows(top, count, strip);
    drawObjects(strip, { x: 0, y: top, width, height: count }, objects);
    onProgress?.((top + count) / height);
  }
  signal?.throwIfAborted();
  return toRgbaImage(pixels, { width, height });
}
