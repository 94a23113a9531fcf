import { platform } from '#platform';

/** A file that is being written, from front to back. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when all is written for good. */
  close(): Promise<void>;
}

/** Starts a file, by name. */
export type CreateFile = (name: string) => Promise<FileSink>;

/** A file that was written. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes a file and tells its size and hash.
 *
 * @param fill - writes the content by what it is given. The file is closed whatever happens
 */
export async function writeFile(
  name: string,
  create: CreateFile,
  fill: (write: FileSink['write']) => Promise<void>,
): Promise<WrittenFile> {
  const hash = platform.createHash('sha256');
  let bytes = 0;
  const sink = await create(name);
  try {
    await fill(async (chunk) => {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await sink.write(chunk);
    });
  } catch (error) {
    await sink.close().catch(() => undefined);
    throw error;
  }
  await sink.close();
  return { name, bytes, sha256: hash.digest() };
}

/** Writes a file of text, in UTF-8. */
export function writeTextFile(
  name: string,
  text: string,
  create: CreateFile,
): Promise<WrittenFile> {
  return writeFile(name, create, (write) => write(new TextEncoder().encode(text)));
}
