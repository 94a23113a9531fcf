import { type Box, distinctColors, type RgbaImage, toRgbaImage } from '@samgpu/mask';

import { intersectBoxes, wholeBox } from '../boxes.ts';
import { copyPixels } from '../copy-pixels.ts';
import { DocumentError } from '../document-error.ts';
import { parseHexadecimalColor } from '../hexadecimal-color.ts';
import { layerNamespace } from '../layer-namespace.ts';
import { Budget, checkSize, defaultLimits, type ReadLimits } from '../limits.ts';
import { objectFromAlpha } from '../object-from-alpha.ts';
import { cropRgba } from '../object-pixels.ts';
import { isOpaque } from '../opaque.ts';
import type { ReadObject } from '../picture-document.ts';
import { decodePng, pngToRgba } from '../png/decode-png.ts';
import type { ReadPicture } from '../read-picture.ts';
import { parseXml, type XmlElement } from '../xml/parse-xml.ts';
import { ZipArchive } from '../zip/read-zip.ts';

/** A layer with what the stacks around it say of it. */
interface StackedLayer {
  readonly name: string;
  readonly src: string;
  readonly x: number;
  readonly y: number;
  readonly opacity: number;
  readonly visible: boolean;
  readonly role: string | undefined;
  readonly color: string | undefined;
}

/**
 * Reads an OpenRaster archive. The picture is the lowest layer that covers everything, or the merged
 * image where there is none; layers with transparency become objects.
 *
 * @throws DocumentError `damaged` or `too-large`
 */
export async function readOpenRaster(
  bytes: Uint8Array,
  limits: ReadLimits = defaultLimits,
): Promise<ReadPicture> {
  return readOpenRasterArchive(await ZipArchive.open(bytes, limits), limits);
}

/** @throws DocumentError as {@link readOpenRaster} */
export async function readOpenRasterArchive(
  archive: ZipArchive,
  limits: ReadLimits,
): Promise<ReadPicture> {
  const root = parseXml(await archive.readText('stack.xml'), {
    maxElements: 4 * limits.maxObjects,
  });
  const size = { width: numberOf(root, 'w'), height: numberOf(root, 'h') };
  checkSize('The OpenRaster picture', size.width, size.height, limits);
  const ours = root.attributes.get('xmlns:samgpu') === layerNamespace;
  const layers = root.children.flatMap((element) => [
    ...flatten(element, { x: 0, y: 0, opacity: 1, visible: true }),
  ]);
  layers.reverse();
  if (layers.length > limits.maxObjects) {
    throw new DocumentError(
      'too-large',
      `The OpenRaster file has ${layers.length} layers; the limit is ${limits.maxObjects}.`,
    );
  }
  const budget = new Budget('bytes of layers', limits.maxBytes);
  const canvas = wholeBox(size);
  const colors = distinctColors(layers.length);
  let image: RgbaImage | undefined;
  const objects: ReadObject[] = [];
  for (const [i, layer] of layers.entries()) {
    if (ours && layer.role === 'background') continue;
    const { pixels, box } = await readLayer(archive, layer, limits, budget);
    const isPicture = ours ? layer.role === 'picture' : coversAll(pixels, box, canvas);
    if (isPicture && image === undefined) {
      image = placeOn(canvas, pixels, box);
      continue;
    }
    if (isPicture) continue;
    const shared = intersectBoxes(box, canvas);
    const inner = { ...shared, x: shared.x - box.x, y: shared.y - box.y };
    const cropped = cropRgba(pixels, inner);
    const alpha = new Uint8Array(shared.width * shared.height);
    for (let at = 0; at < alpha.length; at++) alpha[at] = cropped[4 * at + 3]!;
    const object = await objectFromAlpha({
      name: layer.name,
      color: parseHexadecimalColor(layer.color) ?? colors[i]!,
      visible: layer.visible,
      opacity: layer.opacity,
      area: { box: shared, alpha },
      size,
      budget,
      colors: async (bounds) => {
        const within = { ...bounds, x: bounds.x - box.x, y: bounds.y - box.y };
        return toRgbaImage(cropRgba(pixels, within), bounds);
      },
    });
    if (object !== undefined) objects.push(object);
  }
  return { image: image ?? (await readMerged(archive, canvas, limits)), objects };
}

async function readLayer(
  archive: ZipArchive,
  { src, x, y }: StackedLayer,
  limits: ReadLimits,
  budget: Budget,
): Promise<{ pixels: RgbaImage; box: Box }> {
  const png = await decodePng(await archive.read(src), limits);
  const { width, height } = png;
  budget.take(width * height * 4);
  return { pixels: pngToRgba(png), box: { x, y, width, height } };
}

async function readMerged(
  archive: ZipArchive,
  canvas: Box,
  limits: ReadLimits,
): Promise<RgbaImage> {
  if (!archive.has('mergedimage.png')) {
    throw new DocumentError(
      'damaged',
      'The OpenRaster file has neither a layer that covers it nor a merged image.',
    );
  }
  const png = await decodePng(await archive.read('mergedimage.png'), limits);
  return placeOn(canvas, pngToRgba(png), wholeBox(png));
}

function coversAll({ data }: RgbaImage, box: Box, canvas: Box): boolean {
  const shared = intersectBoxes(box, canvas);
  return shared.width === canvas.width && shared.height === canvas.height && isOpaque(data);
}

/** What of a layer lies on the picture, transparent beside it. */
function placeOn(canvas: Box, pixels: RgbaImage, box: Box): RgbaImage {
  if (box.x === 0 && box.y === 0 && box.width === canvas.width && box.height === canvas.height) {
    return pixels;
  }
  const result = new Uint8ClampedArray(canvas.width * canvas.height * 4);
  return toRgbaImage(copyPixels(pixels.data, box, result, canvas, 4), canvas);
}

/** What the stacks around a layer say. */
interface Surroundings {
  readonly x: number;
  readonly y: number;
  readonly opacity: number;
  readonly visible: boolean;
}

function* flatten(element: XmlElement, around: Surroundings): Generator<StackedLayer> {
  const { attributes } = element;
  const own = {
    x: around.x + numberOf(element, 'x', 0),
    y: around.y + numberOf(element, 'y', 0),
    opacity: around.opacity * Math.min(1, Math.max(0, numberOf(element, 'opacity', 1, false))),
    visible: around.visible && attributes.get('visibility') !== 'hidden',
  };
  if (element.name === 'stack') {
    for (const child of element.children) yield* flatten(child, own);
  }
  const src = attributes.get('src');
  if (element.name !== 'layer' || src === undefined) return;
  yield {
    ...own,
    name: attributes.get('name') ?? 'Layer',
    src,
    role: attributes.get('samgpu:role'),
    color: attributes.get('samgpu:color'),
  };
}

function numberOf(
  { name, attributes }: XmlElement,
  attribute: string,
  otherwise?: number,
  whole = true,
): number {
  const text = attributes.get(attribute);
  const value = text === undefined ? otherwise : Number(text);
  const isValid =
    value !== undefined && (whole ? Number.isSafeInteger(value) : Number.isFinite(value));
  if (!isValid) {
    throw new DocumentError(
      'damaged',
      `stack.xml gives ${attribute}=${JSON.stringify(text)} to <${name}>; wanted a number.`,
    );
  }
  return value;
}
