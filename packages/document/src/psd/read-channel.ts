import { type Size, unpackBits } from '@samgpu/mask';

import { DocumentError } from '../document-error.ts';
import { inflateExactly } from '../inflate.ts';

/** How samples lie in a file. */
export interface ChannelForm {
  readonly depth: 8 | 16;
  /** Whether it is a large document (PSB), whose row lengths are wider. */
  readonly isLarge: boolean;
}

/** Samples as they lie in a file. */
export interface PackedSamples {
  /** 0 plain, 1 PackBits by rows, 2 deflate, 3 deflate of differences along rows. */
  readonly compression: number;
  readonly data: Uint8Array | undefined;
}

const raw = 0;
const packed = 1;
const zipped = 2;
const zippedDifferences = 3;

/**
 * The samples of a channel, 8 bits each; of 16 bits the upper ones.
 *
 * @returns `[height, width]`
 * @throws DocumentError `damaged`
 */
export async function readChannel(
  { compression, data }: PackedSamples,
  size: Size,
  form: ChannelForm,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = size;
  const bytesPerRow = (width * form.depth) / 8;
  if (data === undefined) throw tooShort(0, bytesPerRow * height);
  switch (compression) {
    case raw:
      if (data.length < bytesPerRow * height) throw tooShort(data.length, bytesPerRow * height);
      return upperBytes(new Uint8Array(data.subarray(0, bytesPerRow * height)), form);
    case packed:
      return upperBytes(readPackedRows(data, bytesPerRow, height, form), form);
    case zipped:
      return upperBytes(await inflateExactly(data, bytesPerRow * height, 'deflate'), form);
    case zippedDifferences:
      return sumDifferences(
        await inflateExactly(data, bytesPerRow * height, 'deflate'),
        size,
        form,
      );
    default:
      throw new DocumentError(
        'damaged',
        `A channel of the PSD is packed in the unknown way ${compression}.`,
      );
  }
}

/** Rows of one channel, or of several that share a table of lengths. */
export function readPackedRows(
  data: Uint8Array,
  bytesPerRow: number,
  rows: number,
  { isLarge }: Pick<ChannelForm, 'isLarge'>,
): Uint8Array<ArrayBuffer> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = isLarge ? 4 : 2;
  if (rows * size > data.length) throw tooShort(data.length, rows * size);
  const samples = new Uint8Array(bytesPerRow * rows);
  let at = rows * size;
  for (let y = 0; y < rows; y++) {
    const length = isLarge ? view.getUint32(y * 4) : view.getUint16(y * 2);
    if (at + length > data.length) throw tooShort(data.length, at + length);
    const row = samples.subarray(y * bytesPerRow, (y + 1) * bytesPerRow);
    if (!unpackBits(data.subarray(at, at + length), row)) {
      throw new DocumentError('damaged', `Row ${y} of a channel of the PSD was damaged.`);
    }
    at += length;
  }
  return samples;
}

function upperBytes(
  bytes: Uint8Array<ArrayBuffer>,
  { depth }: ChannelForm,
): Uint8Array<ArrayBuffer> {
  return depth === 8
    ? bytes
    : Uint8Array.from({ length: bytes.length / 2 }, (_, i) => bytes[2 * i]!);
}

function sumDifferences(
  bytes: Uint8Array<ArrayBuffer>,
  { width, height }: Size,
  { depth }: ChannelForm,
): Uint8Array<ArrayBuffer> {
  if (depth === 8) {
    for (let y = 0; y < height; y++) {
      for (let at = y * width + 1; at < (y + 1) * width; at++) bytes[at]! += bytes[at - 1]!;
    }
    return bytes;
  }
  const result = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, sum = 0; x < width; x++, i++) {
      sum = (sum + bytes[2 * i]! * 256 + bytes[2 * i + 1]!) & 0xffff;
      result[i] = sum >> 8;
    }
  }
  return result;
}

function tooShort(length: number, wanted: number): DocumentError {
  return new DocumentError(
    'damaged',
    `A channel of the PSD has ${length} bytes; wanted at least ${wanted}. The file was cut off.`,
  );
}
