import { type FileHandle, open } from 'node:fs/promises';

/** Writes a text that comes piece by piece. */
export async function writeText(path: string, text: AsyncIterable<string>): Promise<void> {
  const file: FileHandle = await open(path, 'w');
  try {
    for await (const piece of text) await file.write(piece);
  } finally {
    await file.close();
  }
}
