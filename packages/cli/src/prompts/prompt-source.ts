import type { DescribedObject } from '../arguments/described-object.ts';
import type { Picture } from '../inputs/picture.ts';

/** Says what to segment in each picture. */
export interface PromptSource {
  /**
   * @returns at least one object
   * @throws InputError `no-prompt` where nothing is known about the picture
   */
  objectsIn(picture: Picture): readonly DescribedObject[];
  /** Masks that will be read. */
  readonly maskFiles: readonly string[];
}

/** The same objects in every picture. */
export function samePrompts(objects: readonly DescribedObject[]): PromptSource {
  return { objectsIn: () => objects, maskFiles: maskFilesOf(objects) };
}

export function maskFilesOf(objects: readonly DescribedObject[]): string[] {
  return objects.flatMap(({ maskFile }) => (maskFile === undefined ? [] : [maskFile]));
}
