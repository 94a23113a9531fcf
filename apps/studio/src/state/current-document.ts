import { documentOf, type StudioDocument } from '../files/studio-document.ts';
import type { Studio } from './studio.ts';

/**
 * What there is to export; null while no picture is open.
 *
 * @param selected - ids of the objects to take; default: all
 */
export function currentDocument(
  studio: Studio,
  selected?: readonly string[],
): StudioDocument | null {
  const picture = studio.picture.get();
  if (picture === null) return null;
  const { objects } = studio.session.snapshot;
  const background = studio.background.get();
  return documentOf(picture.name, picture.image, objects, { background, selected });
}
