import { openDocument, type OpenedDocument } from '@samgpu/document';
import { readImage } from 'samgpu';

/** What came out of a file: a picture, maybe with objects, or objects for the picture that is open. */
export type OpenedFile = OpenedDocument & { readonly name: string };

/**
 * Opens whatever the Studio writes, and any picture.
 *
 * @throws DocumentError; ImageError where a picture cannot be decoded
 */
export async function readFile(
  file: Blob,
  { name = file instanceof File ? file.name : 'Picture' }: { readonly name?: string } = {},
): Promise<OpenedFile> {
  const opened = await openDocument(file, { decode: (picture) => readImage(picture) });
  return { ...opened, name };
}
