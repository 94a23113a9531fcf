import type { Background, PictureDocument, PictureObject } from '@samgpu/document';
import type { PixelSource } from '@samgpu/mask';
import { Matte } from '@samgpu/matte';
import type { SessionObject } from '@samgpu/session';

export type { Background } from '@samgpu/document';

/** What the Studio exports and saves. */
export type StudioDocument = PictureDocument;

/**
 * The document of a session.
 *
 * @param image - the pixels of the picture
 * @param selected - ids of the objects to take; default: all
 */
export function documentOf(
  name: string,
  image: PixelSource,
  objects: readonly SessionObject[],
  {
    background,
    selected,
  }: { readonly background?: Background; readonly selected?: readonly string[] | undefined } = {},
): StudioDocument {
  return {
    name: withoutEnding(name),
    image,
    objects: objects
      .filter(({ id }) => selected === undefined || selected.includes(id))
      .map((object) => objectOf(object, image)),
    ...(background !== undefined && { background }),
  };
}

/** Soft edges become a matte, which knows the object's colours without what shone through from behind. */
function objectOf(
  { id, name, color, visible, mask, alpha }: SessionObject,
  image: PixelSource,
): PictureObject {
  const object = { id, name, color, visible, mask };
  return alpha === undefined ? object : { ...object, matte: new Matte(alpha, image) };
}

/** A file's name without folder and ending. */
export function withoutEnding(name: string): string {
  const file = name.replace(/^.*[/\\]/, '');
  return file.replace(/(?<=.)\.[A-Za-z][A-Za-z0-9]{1,9}$/, '');
}
