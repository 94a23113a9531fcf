// Zip archives after PKWARE's APPNOTE.TXT 6.3.10: one disk, no encryption, no zip64.

import { Crc32 } from '@samgpu/weights/zip';

import { DocumentError } from '../document-error.ts';
import { deflate } from '../inflate.ts';

/** A file to be packed. */
export interface ZipFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly content: Blob | Uint8Array<ArrayBuffer> | string;
  /** Do not compress: for what is compressed already. Default `false`. */
  readonly stored?: boolean;
}

const largest = 0xffffffff;
const utf8Names = 0x0800;
// The first day that the format knows: the same content always gives the same bytes.
const date = (1 << 5) | 1;

/**
 * Packs files in the order given.
 *
 * @throws DocumentError `too-large` past 4 GiB or 65535 files
 */
export async function writeZip(files: readonly ZipFile[], type: string): Promise<Blob> {
  if (files.length > 0xffff) throw tooLarge(`${files.length} files`);
  const parts: (Blob | Uint8Array<ArrayBuffer>)[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const file of files) {
    const { name, crc32, unpacked, packed, method } = await pack(file);
    const packedSize = packed.reduce((sum, part) => sum + part.length, 0);
    const fields = { method, crc32, packedSize, unpacked, name };
    const local = header(0x04034b50, fields);
    directory.push(header(0x02014b50, fields, offset));
    parts.push(local, ...packed);
    offset += local.length + packedSize;
    if (offset > largest || unpacked > largest) throw tooLarge(`${offset} bytes`);
  }
  const byteLength = directory.reduce((sum, part) => sum + part.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, byteLength, true);
  end.setUint32(16, offset, true);
  return new Blob([...parts, ...directory, new Uint8Array(end.buffer)], { type });
}

interface PackedFile {
  readonly name: Uint8Array;
  readonly crc32: number;
  readonly unpacked: number;
  readonly packed: readonly Uint8Array<ArrayBuffer>[];
  readonly method: 0 | 8;
}

async function pack({ name, content, stored = false }: ZipFile): Promise<PackedFile> {
  const bytes =
    typeof content === 'string'
      ? new TextEncoder().encode(content)
      : content instanceof Uint8Array
        ? content
        : new Uint8Array(await content.arrayBuffer());
  const check = new Crc32();
  check.update(bytes);
  const packed = stored ? [bytes] : await deflate([bytes], 'deflate-raw');
  return {
    name: new TextEncoder().encode(name),
    crc32: check.value,
    unpacked: bytes.length,
    packed,
    method: stored ? 0 : 8,
  };
}

interface HeaderFields {
  readonly method: number;
  readonly crc32: number;
  readonly packedSize: number;
  readonly unpacked: number;
  readonly name: Uint8Array;
}

/** @param offset - of the file in the archive, for its entry in the directory */
function header(
  signature: number,
  { method, crc32, packedSize, unpacked, name }: HeaderFields,
  offset?: number,
): Uint8Array<ArrayBuffer> {
  const isEntry = offset !== undefined;
  const length = isEntry ? 46 : 30;
  const bytes = new Uint8Array(length + name.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  const put16 = (value: number): void => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const put32 = (value: number): void => {
    view.setUint32(at, value, true);
    at += 4;
  };
  if (isEntry) put16(20); // Written by version 2.0, which is needed to read it, too.
  put16(20);
  put16(utf8Names);
  put16(method);
  put16(0);
  put16(date);
  put32(crc32);
  put32(packedSize);
  put32(unpacked);
  put16(name.length);
  put16(0);
  if (isEntry) {
    at += 10; // Comment, disk and attributes: none.
    put32(offset);
  }
  bytes.set(name, length);
  return bytes;
}

function tooLarge(what: string): DocumentError {
  return new DocumentError(
    'too-large',
    `The archive would hold ${what}: more than a zip file may. Write fewer objects, or crop them.`,
  );
}
