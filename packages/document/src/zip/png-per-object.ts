import { fileNames } from '../file-names.ts';
import type { PictureObject } from '../picture-document.ts';
import { writeZip, type ZipFile } from './write-zip.ts';

/**
 * A PNG for each object, named for it, in a zip archive; the PNG itself where there is one object alone.
 *
 * @throws DocumentError `too-large`
 */
export async function pngPerObject(
  objects: readonly PictureObject[],
  encode: (object: PictureObject) => Promise<Blob>,
): Promise<Blob> {
  const [first, second] = objects;
  if (first !== undefined && second === undefined) return encode(first);
  const names = fileNames(objects.map(({ name }) => name));
  const files: ZipFile[] = [];
  for (const [i, object] of objects.entries()) {
    files.push({ name: `${names[i]}.png`, content: await encode(object), stored: true });
  }
  return writeZip(files, 'application/zip');
}
