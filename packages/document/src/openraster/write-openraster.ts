// OpenRaster 0.0.6 (freedesktop.org): a zip archive of PNG layers and an XML file that stacks them. It
// has no layer masks: an object's layer holds its pixels alone, and the whole picture lies below.

import type { Box } from '@samgpu/mask';

import { backgroundPictures, composeLayers } from '../background/background-pictures.ts';
import { scaleDocument } from '../background/scale-document.ts';
import { wholeBox } from '../boxes.ts';
import { hexadecimalColor } from '../hexadecimal-color.ts';
import { layerNamespace } from '../layer-namespace.ts';
import { ObjectPixels } from '../object-pixels.ts';
import { assertDocument, type PictureDocument } from '../picture-document.ts';
import { encodePng } from '../png/encode-png.ts';
import { escapeXml } from '../xml/escape-xml.ts';
import { writeZip, type ZipFile } from '../zip/write-zip.ts';

export const openRasterType = 'image/openraster';

/** Longest side of the picture that file managers show. */
const thumbnailSide = 256;

/**
 * The picture as a layer, and over it a layer per object: its pixels with soft edges and clean colours,
 * name, visibility and opacity.
 *
 * @throws DocumentError `invalid-document` or `too-large`
 */
export async function writeOpenRaster(document: PictureDocument): Promise<Blob> {
  assertDocument(document);
  const { image, objects } = document;
  const files: ZipFile[] = [];
  const layers: string[] = [];
  const add = (png: Blob, box: Box, attributes: string): void => {
    const name = `data/layer${layers.length}.png`;
    files.push({ name, content: png, stored: true });
    layers.push(`<layer src="${name}" x="${box.x}" y="${box.y}" ${attributes}/>`);
  };
  const pictures = await backgroundPictures(document);
  const pngs: Blob[] = [];
  for (const [i, { name, image, hidden }] of pictures.entries()) {
    const role = i === 0 ? ' samgpu:role="picture"' : ' samgpu:role="background"';
    const png = await encodePng(image);
    pngs.push(png);
    add(png, wholeBox(image), `${layerAttributes(name, !hidden, 1)}${role}`);
  }
  for (const object of objects) {
    const { name, visible, opacity = 1, color } = object;
    const pixels = new ObjectPixels(image, object);
    // A layer of no size cannot be stored: one transparent pixel stands for it.
    const box = pixels.box.width === 0 ? { x: 0, y: 0, width: 1, height: 1 } : pixels.box;
    const attributes = `${layerAttributes(name, visible, opacity)} samgpu:color="${hexadecimalColor(color)}"`;
    add(await encodePng(pixels.cutoutIn(box)), box, attributes);
  }
  const merged = await composeLayers(document, pictures);
  const shown = { name: document.name, image: merged, objects: [] };
  const thumbnail = scaleDocument(shown, thumbnailSide);
  // The original picture as it is: packed already.
  const isOriginal = (document.background?.kind ?? 'original') === 'original';
  const mergedPng = isOriginal ? pngs[0]! : await encodePng(merged);
  const stack = `<?xml version="1.0" encoding="UTF-8"?>
<image version="0.0.3" w="${image.width}" h="${image.height}" xmlns:samgpu="${layerNamespace}">
<stack name="root">
${layers.reverse().join('\n')}
</stack>
</image>
`;
  return writeZip(
    [
      { name: 'mimetype', content: openRasterType, stored: true },
      { name: 'stack.xml', content: stack },
      ...files,
      { name: 'mergedimage.png', content: mergedPng, stored: true },
      { name: 'Thumbnails/thumbnail.png', content: await encodePng(thumbnail.image), stored: true },
    ],
    openRasterType,
  );
}

function layerAttributes(name: string, visible: boolean, opacity: number): string {
  return (
    `name="${escapeXml(name)}" opacity="${Number(opacity.toFixed(4))}" ` +
    `visibility="${visible ? 'visible' : 'hidden'}" composite-op="svg:src-over"`
  );
}
