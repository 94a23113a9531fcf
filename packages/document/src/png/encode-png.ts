// PNG (third edition of the W3C specification) by the platform's own compressor. A canvas would write
// PNG as well, but it multiplies colours by alpha first, which loses them where alpha is low.

import type { PixelSource, RgbColor, Size } from '@samgpu/mask';

import { deflate } from '../inflate.ts';
import { isOpaque } from '../opaque.ts';
import { filterRow } from './png-filters.ts';
import { pngChunk, pngSignature } from './png-chunks.ts';

/** Rows that go to the compressor together. */
const bytesPerPiece = 2 ** 18;

/** What a PNG says besides its pixels. */
export interface PngOptions {
  /** Notes by keyword, each of 1 to 79 Latin letters: readers that do not know one pass over it. */
  readonly text?: Readonly<Record<string, string>>;
}

/**
 * A picture as PNG, colours of transparent pixels and all. An alpha channel that is 255 everywhere is
 * left out.
 *
 * Memory: the packed rows, beyond the picture itself.
 */
export async function encodePng(
  { width, height, channels = 4, data }: PixelSource,
  options: PngOptions = {},
): Promise<Blob> {
  const hasAlpha = channels === 4 && !isOpaque(data);
  const rows = (y: number, into: Uint8Array): void => {
    const from = y * width * channels;
    if (channels === 3 || hasAlpha) {
      into.set(data.subarray(from, from + width * channels));
      return;
    }
    for (let at = from, to = 0; to < width * 3; at += 4, to += 3) {
      into[to] = data[at]!;
      into[to + 1] = data[at + 1]!;
      into[to + 2] = data[at + 2]!;
    }
  };
  const step = hasAlpha ? 4 : 3;
  return write({ width, height }, { depth: 8, type: hasAlpha ? 6 : 2, step }, rows, true, options);
}

/**
 * Levels of grey, 0 to 255 or 0 to 65535.
 *
 * @param levels - `[height, width]`
 */
export async function encodeGreyPng(
  levels: Uint8Array | Uint16Array,
  { width, height }: Size,
  options: PngOptions = {},
): Promise<Blob> {
  const step = levels.BYTES_PER_ELEMENT;
  const rows = (y: number, into: Uint8Array): void => {
    const row = levels.subarray(y * width, (y + 1) * width);
    if (row instanceof Uint8Array) {
      into.set(row);
      return;
    }
    for (let x = 0; x < width; x++) {
      into[2 * x] = row[x]! >> 8;
      into[2 * x + 1] = row[x]! & 0xff;
    }
  };
  // Masks and labels are flat areas, which compress best as they are.
  return write(
    { width, height },
    { depth: step === 2 ? 16 : 8, type: 0, step },
    rows,
    false,
    options,
  );
}

/**
 * Numbers shown in colours.
 *
 * @param indices - `[height, width]`
 * @param palette - 1 to 256 colours, by number
 */
export async function encodeIndexedPng(
  indices: Uint8Array,
  { width, height }: Size,
  palette: readonly RgbColor[],
  options: PngOptions = {},
): Promise<Blob> {
  const rows = (y: number, into: Uint8Array): void =>
    into.set(indices.subarray(y * width, (y + 1) * width));
  const colors = Uint8Array.from(palette.flat());
  return write({ width, height }, { depth: 8, type: 3, step: 1 }, rows, false, options, [
    ...pngChunk('PLTE', [colors]),
  ]);
}

interface PixelForm {
  /** Bits of a sample. */
  readonly depth: 8 | 16;
  /** 0 grey, 2 RGB, 3 palette, 6 RGBA. */
  readonly type: number;
  /** Bytes of a pixel. */
  readonly step: number;
}

async function write(
  size: Size,
  form: PixelForm,
  rowInto: (y: number, into: Uint8Array) => void,
  isFiltered: boolean,
  { text = {} }: PngOptions,
  extra: readonly Uint8Array<ArrayBuffer>[] = [],
): Promise<Blob> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size.width);
  view.setUint32(4, size.height);
  view.setUint8(8, form.depth);
  view.setUint8(9, form.type);
  const packed = await deflate(scanlines(size, form.step, rowInto, isFiltered), 'deflate');
  return new Blob(
    [
      pngSignature,
      ...pngChunk('IHDR', [header]),
      ...extra,
      ...Object.entries(text).flatMap(([keyword, note]) => textChunk(keyword, note)),
      ...pngChunk('IDAT', packed),
      ...pngChunk('IEND', []),
    ],
    { type: 'image/png' },
  );
}

/** International text, which is UTF-8, uncompressed. */
function textChunk(keyword: string, note: string): Uint8Array<ArrayBuffer>[] {
  return pngChunk('iTXt', [new TextEncoder().encode(`${keyword}\0\0\0\0\0${note}`)]);
}

function* scanlines(
  { width, height }: Size,
  step: number,
  rowInto: (y: number, into: Uint8Array) => void,
  isFiltered: boolean,
): Generator<Uint8Array<ArrayBuffer>> {
  const length = width * step;
  const rowsPerPiece = Math.max(1, Math.floor(bytesPerPiece / (length + 1)));
  let row = new Uint8Array(length);
  let above = new Uint8Array(length);
  const scratch = new Uint8Array(length);
  for (let top = 0; top < height; top += rowsPerPiece) {
    const count = Math.min(rowsPerPiece, height - top);
    const piece = new Uint8Array(count * (length + 1));
    for (let i = 0; i < count; i++) {
      const line = piece.subarray(i * (length + 1), (i + 1) * (length + 1));
      if (isFiltered) {
        rowInto(top + i, row);
        filterRow(row, above, step, line, scratch);
        [row, above] = [above, row];
      } else {
        rowInto(top + i, line.subarray(1));
      }
    }
    yield piece;
  }
}
