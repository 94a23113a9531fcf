import { type Box, distinctColors, type RgbaImage, toRgbaImage } from '@samgpu/mask';
import type { Layer, Psd } from 'ag-psd';

import { wholeBox } from '../boxes.ts';
import { DocumentError } from '../document-error.ts';
import { Budget, checkSize, defaultLimits, type ReadLimits } from '../limits.ts';
import { objectFromAlpha } from '../object-from-alpha.ts';
import type { ReadPicture } from '../read-picture.ts';
import type { ReadObject } from '../picture-document.ts';
import { colorOfLabel } from './layer-colors.ts';
import { PsdLayerPixels, type PsdForm } from './psd-layer-pixels.ts';
import { readNotes, type PsdNotes } from './psd-notes.ts';
import { readChannel, readPackedRows } from './read-channel.ts';

const headerLength = 26;
const grey = 1;
const rgb = 3;
const deepestGroup = 64;

/** A layer with what its groups say of it. */
interface FoundLayer {
  readonly layer: Layer;
  readonly pixels: PsdLayerPixels;
  readonly visible: boolean;
}

/**
 * Reads a Photoshop document, ordinary or large, RGB or grey, 8 or 16 bits (of which 8 are kept).
 *
 * The picture is the lowest layer that covers everything, or what the file shows where there is none.
 * Layers with a mask or with transparency become objects.
 *
 * @throws DocumentError `unknown-format`, `damaged`, `unsupported` or `too-large`
 */
export async function readPsd(
  bytes: Uint8Array,
  limits: ReadLimits = defaultLimits,
): Promise<ReadPicture> {
  const form = readForm(bytes, limits);
  const psd = await parse(bytes);
  const notes = readNotes(psd.imageResources?.xmpMetadata);
  const budget = new Budget('bytes of layers', limits.maxBytes);
  const layers = [...flatten(psd.children ?? [], form, limits, budget)];
  if (layers.length > limits.maxObjects) {
    throw new DocumentError(
      'too-large',
      `The PSD has ${layers.length} layers; the limit is ${limits.maxObjects}.`,
    );
  }
  const picture = await findPicture(layers, notes);
  const image =
    picture === undefined
      ? await readMerged(psd, form, budget)
      : await picture.pixels.colors(form.canvas);
  const objects: ReadObject[] = [];
  const others = layers.filter((found) => found !== picture);
  const colors = distinctColors(others.length);
  for (const [i, found] of others.entries()) {
    const object = await readObject(found, notes, colors[i]!, budget);
    if (object !== undefined) objects.push(object);
  }
  return { image, objects };
}

function readForm(bytes: Uint8Array, limits: ReadLimits): PsdForm {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== '8BPS') {
    throw new DocumentError(
      'unknown-format',
      'The content is not a PSD: it does not begin as one.',
    );
  }
  if (bytes.length < headerLength) {
    throw new DocumentError(
      'damaged',
      `The PSD ends after ${bytes.length} bytes, within its header.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [version, depth, mode] = [view.getUint16(4), view.getUint16(22), view.getUint16(24)];
  const [height, width] = [view.getUint32(14), view.getUint32(18)];
  if (version !== 1 && version !== 2) {
    throw new DocumentError('damaged', `The PSD has the version ${version}; wanted 1 or 2.`);
  }
  checkSize('The PSD', width, height, limits);
  if ((mode !== rgb && mode !== grey) || (depth !== 8 && depth !== 16)) {
    throw new DocumentError(
      'unsupported',
      `The PSD has colour mode ${mode} with ${depth} bits; RGB and greyscale of 8 and 16 bits are read. Convert it to RGB first.`,
    );
  }
  return {
    depth,
    isLarge: version === 2,
    isGrey: mode === grey,
    canvas: wholeBox({ width, height }),
  };
}

async function parse(bytes: Uint8Array): Promise<Psd> {
  const { readPsd } = await import('ag-psd');
  try {
    return readPsd(bytes, {
      // Pixels are unpacked here, within the limits.
      useRawData: true,
      useImageData: true,
      useRawThumbnail: true,
      skipThumbnail: true,
      skipLinkedFilesData: true,
    });
  } catch (cause) {
    throw new DocumentError('damaged', `The PSD cannot be read: ${String(cause)}.`, { cause });
  }
}

function* flatten(
  layers: readonly Layer[],
  form: PsdForm,
  limits: ReadLimits,
  budget: Budget,
  visible = true,
  depth = 0,
): Generator<FoundLayer> {
  if (depth > deepestGroup) {
    throw new DocumentError('too-large', `The PSD has groups more than ${deepestGroup} deep.`);
  }
  for (const layer of layers) {
    const shows = visible && layer.hidden !== true;
    if (layer.children !== undefined) {
      yield* flatten(layer.children, form, limits, budget, shows, depth + 1);
    } else {
      yield { layer, pixels: new PsdLayerPixels(layer, form, limits, budget), visible: shows };
    }
  }
}

async function findPicture(
  layers: readonly FoundLayer[],
  notes: PsdNotes | undefined,
): Promise<FoundLayer | undefined> {
  if (notes?.picture !== undefined) {
    const noted = layers.find(({ layer }) => layer.id === notes.picture);
    if (noted !== undefined && !noted.pixels.isEmpty) return noted;
  }
  for (const found of layers) if (await found.pixels.coversAll()) return found;
  return undefined;
}

async function readObject(
  { layer, pixels, visible }: FoundLayer,
  notes: PsdNotes | undefined,
  color: ReadObject['color'],
  budget: Budget,
): Promise<ReadObject | undefined> {
  const noted = layer.id === undefined ? undefined : notes?.colors.get(layer.id);
  // What we wrote besides objects, such as another background.
  if (notes !== undefined && noted === undefined && pixels.maskBox === undefined) return undefined;
  if (pixels.isEmpty && pixels.maskBox === undefined) return undefined;
  if (noted === undefined && (await pixels.coversAll())) return undefined;
  return objectFromAlpha({
    name: layer.name ?? 'Layer',
    color: noted ?? colorOfLabel(layer.layerColor) ?? color,
    visible,
    opacity: layer.opacity ?? 1,
    area: await pixels.coverage(),
    size: pixels.canvas,
    budget,
    colors: pixels.isEmpty ? undefined : (box: Box) => pixels.colors(box),
  });
}

/** What programs show that do not read layers. */
async function readMerged(psd: Psd, form: PsdForm, budget: Budget): Promise<RgbaImage> {
  const { canvas, depth, isGrey } = form;
  const { width, height } = canvas;
  const count = isGrey ? 1 : 3;
  const data = psd.rawCompositeData;
  if (data === undefined || data.length < 2) {
    throw new DocumentError(
      'damaged',
      'The PSD has neither a layer that covers it nor a merged picture.',
    );
  }
  const bytesPerRow = (width * depth) / 8;
  budget.take(bytesPerRow * height * count);
  const compression = data[0]! * 256 + data[1]!;
  const content = data.subarray(2);
  const channels = psd.channels ?? count;
  // One table of row lengths stands before all channels, so they are unpacked as one tall channel.
  const planes =
    compression === 1 ? readPackedRows(content, bytesPerRow, height * channels, form) : content;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let channel = 0; channel < 3; channel++) {
    const plane = isGrey ? 0 : channel;
    const bytes = bytesPerRow * height;
    const samples = await readChannel(
      { compression: 0, data: planes.subarray(plane * bytes, (plane + 1) * bytes) },
      canvas,
      form,
    );
    for (let i = 0; i < samples.length; i++) pixels[4 * i + channel] = samples[i]!;
  }
  return toRgbaImage(pixels, canvas);
}
