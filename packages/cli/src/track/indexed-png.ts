import { crc32, deflateSync } from 'node:zlib';
import type { Size } from 'samgpu';

/** The colours by which PASCAL VOC and DAVIS show numbers: bits of the number, spread over the channels. */
function davisPalette(): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let index = 0; index < 256; index++) {
    for (let bit = 0, rest = index; rest > 0; bit++, rest >>= 3) {
      for (let channel = 0; channel < 3; channel++) {
        palette[3 * index + channel]! |= ((rest >> channel) & 1) << (7 - bit);
      }
    }
  }
  return palette;
}

/**
 * A PNG whose pixels are numbers, and whose palette shows them in colours.
 *
 * @param labels - `[height, width]`
 */
export function indexedPng(labels: Uint8Array, { width, height }: Size): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits
  header.setUint8(9, 3); // palette
  const rows = new Uint8Array(height * (width + 1)); // Each begins with its filter: none.
  for (let y = 0; y < height; y++) {
    rows.set(labels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('PLTE', davisPalette()),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, check]);
}
