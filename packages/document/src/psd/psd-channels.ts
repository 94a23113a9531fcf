import { packBits, packedBound } from '@samgpu/mask';

/** Adobe's numbers of channels that are no colours. */
export const alphaChannel = -1;
export const maskChannel = -2;

/** A channel as it lies in the file: lengths of the rows, then the rows. */
export interface PackedChannel {
  /** Packed lengths of the rows. */
  readonly lengths: Uint32Array;
  readonly rows: Uint8Array<ArrayBuffer>;
}

function packChannel(
  width: number,
  height: number,
  rowInto: (y: number, row: Uint8Array) => void,
): PackedChannel {
  const row = new Uint8Array(width);
  const lengths = new Uint32Array(height);
  const bound = packedBound(width);
  let packed = new Uint8Array(Math.max(1024, bound * Math.min(height, 64)));
  let length = 0;
  for (let y = 0; y < height; y++) {
    if (length + bound > packed.length) {
      const larger = new Uint8Array(Math.max(length + bound, Math.ceil(packed.length * 1.5)));
      larger.set(packed.subarray(0, length));
      packed = larger;
    }
    rowInto(y, row);
    lengths[y] = packBits(row, packed, length);
    length += lengths[y]!;
  }
  return { lengths, rows: packed.slice(0, length) };
}

/** One channel of interleaved pixels. */
export function packInterleaved(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channel: number,
  channels: number,
): PackedChannel {
  return packChannel(width, height, (y, row) => {
    for (let x = 0, at = y * width * channels + channel; x < width; x++, at += channels) {
      row[x] = pixels[at]!;
    }
  });
}

/** The lengths as the file has them: 16 bits, 32 in large documents. */
export function lengthTable({ lengths }: PackedChannel, isLarge: boolean): Uint8Array<ArrayBuffer> {
  const size = isLarge ? 4 : 2;
  const view = new DataView(new ArrayBuffer(lengths.length * size));
  for (const [y, length] of lengths.entries()) {
    if (isLarge) view.setUint32(y * 4, length);
    else view.setUint16(y * 2, length);
  }
  return new Uint8Array(view.buffer);
}

export function channelBytes({ lengths, rows }: PackedChannel, isLarge: boolean): number {
  return 2 + lengths.length * (isLarge ? 4 : 2) + rows.length;
}
