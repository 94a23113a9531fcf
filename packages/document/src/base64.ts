import { DocumentError } from './document-error.ts';

/** A multiple of three, so that parts can be put together. */
const bytesPerPart = 3 * 2 ** 13;

/** Base64 in parts, since one string of everything may be longer than strings can be. */
export function base64Parts(bytes: Uint8Array): string[] {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += bytesPerPart) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + bytesPerPart))));
  }
  return parts;
}

/** @throws DocumentError `damaged` */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(text.replaceAll(/\s/g, ''));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch (cause) {
    throw new DocumentError('damaged', 'Embedded data is not valid base64.', { cause });
  }
}
