import { toRgbaImage, type RgbaImage, type RgbColor, type Size } from '@samgpu/mask';

import { DocumentError } from '../document-error.ts';
import { inflate } from '../inflate.ts';
import { checkSize, defaultLimits, type ReadLimits } from '../limits.ts';
import { interlacedPasses, scatterPass } from './png-interlacing.ts';
import { isPng, readChunks, type PngChunk } from './png-chunks.ts';
import { unfilterRow } from './png-filters.ts';
import { unpackSamples } from './png-samples.ts';

/** A PNG with its samples as they are stored: not scaled, palettes not looked up. */
export interface PngImage extends Size {
  /** 1 for grey and for numbers of a palette, 2 for grey with alpha, 3 for RGB, 4 for RGBA. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly samples: Uint8Array | Uint16Array; // [height, width, channels]
  /** The colours that samples are numbers of. */
  readonly palette: readonly RgbColor[] | undefined;
  /** Alpha by number of the palette; those beyond the end are opaque. */
  readonly paletteAlpha: Uint8Array | undefined;
  /** Of grey or RGB without alpha: the samples that are transparent. */
  readonly transparent: readonly number[] | undefined;
  /** Notes by keyword; compressed ones are left out. */
  readonly text: ReadonlyMap<string, string>;
}

/** Samples of a pixel, by colour type. */
const channelsOf: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depthsOf: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

interface Header extends Size {
  readonly depth: number;
  readonly type: number;
  readonly interlaced: boolean;
}

/**
 * Reads a PNG without loss: 16 bits, palettes and colours of transparent pixels, which a canvas does
 * not give.
 *
 * @throws DocumentError `unknown-format`, `damaged` or `too-large`
 */
export async function decodePng(
  bytes: Uint8Array,
  limits: Pick<ReadLimits, 'maxPixels'> = defaultLimits,
): Promise<PngImage> {
  if (!isPng(bytes)) {
    throw new DocumentError(
      'unknown-format',
      'The content is not a PNG: it does not begin as one.',
    );
  }
  const chunks = [...readChunks(bytes)];
  const header = readHeader(chunks[0], limits);
  const find = (type: string): Uint8Array | undefined =>
    chunks.find((chunk) => chunk.type === type)?.data;
  const palette = readPalette(find('PLTE'), header);
  const transparency = find('tRNS');
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const channels = channelsOf[header.type]!;
  const samples = await readSamples(packed, header, channels);
  return {
    width: header.width,
    height: header.height,
    channels,
    depth: header.depth,
    samples,
    palette,
    paletteAlpha: palette === undefined ? undefined : transparency,
    transparent:
      transparency === undefined || header.type === 3
        ? undefined
        : readTransparent(transparency, channels),
    text: readText(chunks),
  };
}

function readHeader(chunk: PngChunk | undefined, limits: Pick<ReadLimits, 'maxPixels'>): Header {
  if (chunk?.type !== 'IHDR' || chunk.data.length !== 13) {
    throw new DocumentError('damaged', 'The PNG does not begin with a header.');
  }
  const { data } = chunk;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, compression, filter, interlace] = [8, 9, 10, 11, 12].map((at) =>
    view.getUint8(at),
  );
  checkSize('The PNG', width, height, limits);
  if (depthsOf[type!]?.includes(depth!) !== true || compression !== 0 || filter !== 0) {
    throw new DocumentError(
      'damaged',
      `The PNG has colour type ${type} with ${depth} bits, compression ${compression} and filter ${filter}: there is no such PNG.`,
    );
  }
  if (interlace! > 1) {
    throw new DocumentError('damaged', `The PNG has the interlacing ${interlace}; wanted 0 or 1.`);
  }
  return { width, height, depth: depth!, type: type!, interlaced: interlace === 1 };
}

function readPalette(
  data: Uint8Array | undefined,
  { type, depth }: Header,
): readonly RgbColor[] | undefined {
  if (type !== 3) return undefined;
  if (data === undefined || data.length === 0 || data.length % 3 !== 0 || data.length > 768) {
    throw new DocumentError(
      'damaged',
      `The PNG has a palette of ${data?.length ?? 0} bytes; wanted three for each of 1 to ${2 ** depth} colours.`,
    );
  }
  return Array.from({ length: data.length / 3 }, (_, i) => [
    data[3 * i]!,
    data[3 * i + 1]!,
    data[3 * i + 2]!,
  ]);
}

function readTransparent(data: Uint8Array, channels: number): readonly number[] | undefined {
  if (channels === 2 || channels === 4 || data.length !== channels * 2) return undefined;
  return Array.from({ length: channels }, (_, i) => data[2 * i]! * 256 + data[2 * i + 1]!);
}

/**
 * The notes of a PNG by keyword, without its pixels.
 *
 * @throws DocumentError `damaged`
 */
export function readPngText(bytes: Uint8Array): ReadonlyMap<string, string> {
  return readText(readChunks(bytes));
}

function readText(chunks: Iterable<PngChunk>): ReadonlyMap<string, string> {
  const text = new Map<string, string>();
  for (const { type, data } of chunks) {
    const end = data.indexOf(0);
    if (end < 1) continue;
    const keyword = new TextDecoder('latin1').decode(new Uint8Array(data.subarray(0, end)));
    if (type === 'tEXt') {
      text.set(keyword, new TextDecoder('latin1').decode(new Uint8Array(data.subarray(end + 1))));
    }
    if (type === 'iTXt' && data[end + 1] === 0) {
      const language = data.indexOf(0, end + 3);
      const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
      if (translated < 0) continue;
      text.set(keyword, new TextDecoder().decode(new Uint8Array(data.subarray(translated + 1))));
    }
  }
  return text;
}

async function readSamples(
  packed: readonly Uint8Array[],
  { width, height, depth, interlaced }: Header,
  channels: number,
): Promise<Uint8Array | Uint16Array> {
  const count = width * height * channels;
  const samples = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const rows = new RowReader(packed);
  try {
    const passes = interlaced ? interlacedPasses({ width, height }) : [undefined];
    for (const pass of passes) {
      const size = pass ?? { width, height };
      const row = pass === undefined ? undefined : new Uint16Array(size.width * channels);
      const byteLength = Math.ceil((size.width * channels * depth) / 8);
      let above = new Uint8Array(byteLength);
      for (let y = 0; y < size.height; y++) {
        const line = await rows.next(1 + byteLength, y);
        const current = line.subarray(1);
        unfilterRow(line[0]!, current, above, Math.max(1, (channels * depth) >> 3));
        if (row === undefined || pass === undefined) {
          const from = y * width * channels;
          unpackSamples(current, depth, samples.subarray(from, from + width * channels));
        } else {
          unpackSamples(current, depth, row);
          scatterPass(row, pass, y, { width, channels }, samples);
        }
        above = current;
      }
    }
  } finally {
    await rows.close();
  }
  return samples;
}

/** Cuts what is unpacked into rows; no more is unpacked than is asked for. */
class RowReader {
  readonly #pieces: AsyncGenerator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(packed: readonly Uint8Array[]) {
    this.#pieces = inflate(packed, 'deflate');
  }

  /** @throws DocumentError `damaged` */
  async next(byteLength: number, y: number): Promise<Uint8Array<ArrayBuffer>> {
    const row = new Uint8Array(byteLength);
    let done = 0;
    while (done < byteLength) {
      if (this.#at === this.#piece.length) {
        const { done: isEnd, value } = await this.#pieces.next();
        if (isEnd === true) {
          throw new DocumentError(
            'damaged',
            `The PNG's pixels end within row ${y}: it was cut off.`,
          );
        }
        [this.#piece, this.#at] = [value, 0];
      }
      const length = Math.min(byteLength - done, this.#piece.length - this.#at);
      row.set(this.#piece.subarray(this.#at, this.#at + length), done);
      this.#at += length;
      done += length;
    }
    return row;
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }
}

/** The picture that a PNG shows, 8 bits a channel. */
export function pngToRgba(png: PngImage): RgbaImage {
  const { width, height, channels, depth, samples, palette, paletteAlpha, transparent } = png;
  const data = new Uint8ClampedArray(width * height * 4);
  const scale = 255 / (2 ** depth - 1);
  for (let i = 0, at = 0, to = 0; i < width * height; i++, at += channels, to += 4) {
    if (palette !== undefined) {
      const color = palette[samples[at]!] ?? [0, 0, 0];
      data.set(color, to);
      data[to + 3] = paletteAlpha?.[samples[at]!] ?? 255;
      continue;
    }
    const isGrey = channels < 3;
    data[to] = samples[at]! * scale;
    data[to + 1] = samples[isGrey ? at : at + 1]! * scale;
    data[to + 2] = samples[isGrey ? at : at + 2]! * scale;
    data[to + 3] =
      channels % 2 === 0
        ? samples[at + channels - 1]! * scale
        : transparent?.every((sample, channel) => samples[at + channel] === sample) === true
          ? 0
          : 255;
  }
  return toRgbaImage(data, { width, height });
}
