import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';

import type { WrittenFile } from '@samgpu/weights';

/** Name, size and SHA-256 of a file. */
export async function describeFile(path: string): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).byteLength;
  }
  return { name: basename(resolve(path)), bytes, sha256: hash.digest('hex') };
}
