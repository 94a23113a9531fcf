// Typed arrays in JSON: `{ "f32": … }` or `{ "u8": … }` with their bytes, little-endian, in base64.

import { fromBase64, toBase64 } from '../../base64.ts';

/** Plain data and typed arrays as JSON. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Float32Array) return { f32: toBase64(littleEndian(part)) };
    if (part instanceof Uint8Array) return { u8: toBase64(part) };
    return part;
  });
}

/**
 * What {@link toJson} wrote.
 *
 * @throws SyntaxError for what is no JSON, or no base64 where there should be
 */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    if ('f32' in part && typeof part.f32 === 'string') return floats(bytesOf(part.f32));
    if ('u8' in part && typeof part.u8 === 'string') return bytesOf(part.u8);
    return part;
  });
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new SyntaxError('wanted base64', { cause });
  }
}

function floats(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  if (bytes.length % 4 !== 0) {
    throw new SyntaxError(`${bytes.length} bytes of f32, wanted four for each number`);
  }
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return new Uint8Array(view.buffer);
}
