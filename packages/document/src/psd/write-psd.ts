// Layered Photoshop documents (Adobe Photoshop File Formats Specification, 2019). Channels are packed
// one by one, so memory holds packed layers and never their pixels all at once.

import { assertDocument, type PictureDocument } from '../picture-document.ts';
import { backgroundPictures, composeLayers } from '../background/background-pictures.ts';
import { BigEndianWriter } from './big-endian-writer.ts';
import { channelBytes, lengthTable, type PackedChannel } from './psd-channels.ts';
import {
  objectLayer,
  packMerged,
  pictureLayer,
  type PsdLayer,
  type PsdOptions,
} from './psd-layers.ts';
import { writeNotes } from './psd-notes.ts';

/** Sides of the ordinary format; the large one (PSB) is written beyond. */
const longestSide = 30_000;
const largestFile = 2 ** 31 - 1;

/** Names are stored as bytes, too, for old readers. */
const longestShortName = 255;

/**
 * The picture as a layer, and a layer per object over it: pixels around the object, a layer mask that
 * shows the object, name, label, visibility and opacity. Nothing is cut away, so that masks can be
 * painted further.
 *
 * Becomes a large document (PSB) where a side has more than 30 000 pixels, or past 2 GiB.
 *
 * @throws DocumentError `invalid-document`
 */
export async function writePsd(document: PictureDocument, options: PsdOptions = {}): Promise<Blob> {
  assertDocument(document);
  const { image, objects } = document;
  const pictures = await backgroundPictures(document);
  const merged = packMerged(await composeLayers(document, pictures));
  const layers = pictures.map(pictureLayer);
  const firstObject = layers.length;
  for (const object of objects) {
    layers.push(objectLayer(image, object, options));
    // Lets the page live between layers.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  // Numbers of layers count from 1.
  const notes = writeNotes({
    picture: 1,
    colors: new Map(objects.map(({ color }, i) => [firstObject + i + 1, color])),
  });
  const channels = [
    ...layers.flatMap((layer) => layer.channels.map(({ packed }) => packed)),
    ...merged,
  ];
  const byteLength = channels.reduce((sum, channel) => sum + channelBytes(channel, true), 0);
  const isLarge =
    Math.max(image.width, image.height) > longestSide || byteLength > largestFile - 2 ** 20;
  const { width, height } = image;
  return new Blob(
    [
      head(width, height, merged.length, notes, isLarge),
      ...layerSection(layers, merged.length === 4, isLarge),
      ...mergedImage(merged, isLarge),
    ],
    { type: 'image/vnd.adobe.photoshop' },
  );
}

function head(
  width: number,
  height: number,
  channels: number,
  notes: string,
  isLarge: boolean,
): Uint8Array<ArrayBuffer> {
  const resources = new BigEndianWriter();
  const resource = (id: number, content: Uint8Array): void => {
    resources.latin1('8BIM').u16(id).u16(0).u32(content.length).bytes(content).pad(2);
  };
  const inch = 1;
  const dots = 72 * 65536;
  const resolution = new BigEndianWriter()
    .u32(dots)
    .u16(inch)
    .u16(inch)
    .u32(dots)
    .u16(inch)
    .u16(inch);
  resource(1005, resolution.take());
  resource(1060, new TextEncoder().encode(notes));
  return new BigEndianWriter()
    .latin1('8BPS')
    .u16(isLarge ? 2 : 1)
    .bytes(new Uint8Array(6))
    .u16(channels)
    .u32(height)
    .u32(width)
    .u16(8)
    .u16(3) // RGB
    .u32(0) // no palette
    .u32(resources.length)
    .bytes(resources.take())
    .take();
}

function layerSection(
  layers: readonly PsdLayer[],
  hasMergedAlpha: boolean,
  isLarge: boolean,
): Uint8Array<ArrayBuffer>[] {
  const records = new BigEndianWriter();
  // A negative count says that the fourth merged channel is alpha.
  records.u16(hasMergedAlpha ? 0x10000 - layers.length : layers.length);
  for (const [i, layer] of layers.entries()) writeRecord(records, layer, i + 1, isLarge);
  const content: Uint8Array<ArrayBuffer>[] = [records.take()];
  for (const { packed } of layers.flatMap(({ channels }) => channels)) {
    content.push(packedRows(), lengthTable(packed, isLarge), packed.rows);
  }
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const padding = (4 - (length % 4)) % 4;
  const field = (value: number): BigEndianWriter =>
    isLarge ? new BigEndianWriter().u64(value) : new BigEndianWriter().u32(value);
  const layerInfo = field(length + padding);
  const globalMask = 4;
  return [
    field(layerInfo.length + length + padding + globalMask).take(),
    layerInfo.take(),
    ...content,
    new Uint8Array(padding + globalMask),
  ];
}

function writeRecord(
  records: BigEndianWriter,
  { name, box, channels, maskBox, opacity, hidden, label }: PsdLayer,
  id: number,
  isLarge: boolean,
): void {
  const rectangle = (into: BigEndianWriter, { x, y, width, height }: typeof box): BigEndianWriter =>
    into
      .u32(y)
      .u32(x)
      .u32(y + height)
      .u32(x + width);
  rectangle(records, box).u16(channels.length);
  for (const channel of channels) {
    records.u16(channel.id & 0xffff);
    const length = channelBytes(channel.packed, isLarge);
    if (isLarge) records.u64(length);
    else records.u32(length);
  }
  // 8 says that the flag of visibility counts.
  const flags = 8 | (hidden ? 2 : 0);
  records
    .latin1('8BIMnorm')
    .u8(Math.round(opacity * 255))
    .u8(0)
    .u8(flags)
    .u8(0);
  const extra = new BigEndianWriter();
  if (maskBox === undefined) extra.u32(0);
  // Black beside the mask; no flags; two bytes to fill up.
  else rectangle(extra.u32(20), maskBox).u32(0);
  extra.u32(0); // no blending ranges
  const short = name.replaceAll(/[^\u0020-\u007e]/g, '?').slice(0, longestShortName);
  const start = extra.length;
  extra.u8(short.length).latin1(short);
  while ((extra.length - start) % 4 !== 0) extra.u8(0);
  const wide = new BigEndianWriter().u32(name.length);
  for (let i = 0; i < name.length; i++) wide.u16(name.charCodeAt(i));
  block(extra, 'luni', wide.pad(4).take());
  block(extra, 'lyid', new BigEndianWriter().u32(id).take());
  block(extra, 'lclr', new BigEndianWriter().u16(label).u16(0).u32(0).take());
  records.u32(extra.length).bytes(extra.take());
}

function block(into: BigEndianWriter, key: string, content: Uint8Array): void {
  into.latin1('8BIM').latin1(key).u32(content.length).bytes(content);
}

function packedRows(): Uint8Array<ArrayBuffer> {
  return new BigEndianWriter().u16(1).take();
}

function mergedImage(
  channels: readonly PackedChannel[],
  isLarge: boolean,
): Uint8Array<ArrayBuffer>[] {
  return [
    packedRows(),
    ...channels.map((channel) => lengthTable(channel, isLarge)),
    ...channels.map(({ rows }) => rows),
  ];
}
