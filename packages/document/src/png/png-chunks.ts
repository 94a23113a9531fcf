import { Crc32 } from '@samgpu/weights/zip';

import { DocumentError } from '../document-error.ts';

export const pngSignature: Uint8Array<ArrayBuffer> = Uint8Array.of(
  0x89,
  0x50,
  0x4e,
  0x47,
  0x0d,
  0x0a,
  0x1a,
  0x0a,
);

/** One part of a PNG. */
export interface PngChunk {
  /** Four letters. */
  readonly type: string;
  readonly data: Uint8Array;
}

export function isPng(bytes: Uint8Array): boolean {
  return pngSignature.every((byte, i) => bytes[i] === byte);
}

/** @throws DocumentError `damaged` */
export function* readChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = pngSignature.length;
  for (;;) {
    if (at + 12 > bytes.length) throw cutOff(at, bytes.length);
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw cutOff(at, bytes.length);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const check = new Crc32();
    check.update(bytes.subarray(at + 4, end));
    if (check.value !== view.getUint32(end)) {
      throw new DocumentError(
        'damaged',
        `The PNG's part ${JSON.stringify(type)} at byte ${at} does not have the checksum that it should.`,
      );
    }
    yield { type, data: bytes.subarray(at + 8, end) };
    if (type === 'IEND') return;
    at = end + 4;
  }
}

function cutOff(at: number, length: number): DocumentError {
  return new DocumentError(
    'damaged',
    `The PNG of ${length} bytes ends within the part at byte ${at}: it was cut off.`,
  );
}

/** @param parts - of the content, one after another */
export function pngChunk(
  type: string,
  parts: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer>[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, length);
  for (let i = 0; i < 4; i++) view.setUint8(4 + i, type.charCodeAt(i));
  const check = new Crc32();
  check.update(head.subarray(4));
  for (const part of parts) check.update(part);
  const tail = new Uint8Array(4);
  new DataView(tail.buffer).setUint32(0, check.value);
  return [head, ...parts, tail];
}
