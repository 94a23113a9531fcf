import { DocumentError } from './document-error.ts';
import { isPng } from './png/png-chunks.ts';

/** What a file is, by how it begins. */
export type FileKind = 'psd' | 'zip' | 'png' | 'xml' | 'json' | 'picture';

const textStart = 512;

/**
 * Tells formats apart by content, since names lie.
 *
 * @returns `picture` for what only a decoder of pictures can tell, JPEG and WebP among them
 * @throws DocumentError `unknown-format` for a file of no bytes
 */
export function sniffFormat(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) throw new DocumentError('unknown-format', 'The file is empty.');
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start === '8BPS') return 'psd';
  if (start === 'PK\u0003\u0004' || start === 'PK\u0005\u0006') return 'zip';
  if (isPng(bytes)) return 'png';
  const text = new TextDecoder('utf-8', { fatal: false }).decode(
    new Uint8Array(bytes.subarray(0, textStart)),
  );
  const first = text.trimStart()[0];
  if (first === '<') return 'xml';
  return first === '{' || first === '[' ? 'json' : 'picture';
}
