import type { ByteSource } from './byte-source.ts';
import { quote, WeightsError } from './weights-error.ts';

/** `zip` and `pickle` are the newer and the older format of `torch.save`, but other programs write both as well. */
export type WeightsFormat = 'safetensors' | 'zip' | 'pickle';

const sniffedBytes = 512;
const tarMagicOffset = 257;
/** A safetensors header may not be longer, so the upper bytes of its length are 0. */
const largestHeader = 2 ** 32;

/**
 * Tells the format of a file by its first bytes.
 *
 * @throws WeightsError with code `format` if it is none that can be read, naming what it is instead where that is known,
 *   such as the page with which a server says that there is no file
 */
export async function sniffFormat(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<WeightsFormat> {
  const bytes = await source.read(0, Math.min(source.size, sniffedBytes), signal);
  if (startsWith(bytes, 0, 'PK\x03\x04') || startsWith(bytes, 0, 'PK\x05\x06')) {
    return 'zip';
  }
  // The operation PROTO, and 1 to 5: other pickles are none of torch.save's.
  if (bytes[0] === 0x80 && bytes[1]! >= 1 && bytes[1]! <= 5) {
    return 'pickle';
  }
  if (isSafetensors(bytes)) {
    return 'safetensors';
  }
  throw new WeightsError(
    'format',
    `${describe(bytes, source.size)}, expected weights: a safetensors file or a checkpoint of torch.save`,
  );
}

function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.byteLength <= 8 || !startsWith(bytes, 8, '{')) {
    return false;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getBigUint64(0, true) < largestHeader;
}

function describe(bytes: Uint8Array, size: number): string {
  if (size === 0) {
    return 'the file is empty';
  }
  if (startsWith(bytes, tarMagicOffset, 'ustar')) {
    return 'this is a tar archive, maybe a checkpoint of PyTorch before 0.1.10, which is not read: save it again with a newer one';
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return 'this is compressed by gzip: unpack it first';
  }
  const text = String.fromCharCode(...bytes).replace(/^\u00ef\u00bb\u00bf/, '');
  const start = text.trimStart();
  const beginning = quote(start.slice(0, 80));
  if (start.startsWith('version https://git-lfs')) {
    return 'this is a pointer of Git LFS in place of the file: fetch the file with "git lfs pull"';
  }
  if (start.startsWith('<')) {
    return `this is a web page (${beginning}), probably a server's error in place of the file: check the address`;
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    return `this is JSON (${beginning}), maybe a server's error in place of the file: check the address`;
  }
  const hex = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  return `the file of ${size} bytes starts with ${hex.join(' ')}`;
}

function startsWith(bytes: Uint8Array, offset: number, text: string): boolean {
  return (
    bytes.byteLength >= offset + text.length &&
    Array.from(text, (character) => character.charCodeAt(0)).every(
      (code, i) => bytes[offset + i] === code,
    )
  );
}
