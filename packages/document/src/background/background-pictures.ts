import type { PixelSource } from '@samgpu/mask';

import type { PictureDocument } from '../picture-document.ts';
import { renderBackground, type WorkOptions } from './compose-document.ts';

/** A layer below all objects. */
export interface BackgroundPicture {
  readonly name: string;
  readonly image: PixelSource;
  readonly hidden: boolean;
}

/**
 * The layers that stand for a background, from the bottom to the top. The first is the picture itself,
 * hidden where something else is shown in its place.
 *
 * @throws DocumentError `invalid-option` or `invalid-document`
 */
export async function backgroundPictures(
  document: PictureDocument,
  options?: WorkOptions,
): Promise<BackgroundPicture[]> {
  const { image, background = { kind: 'original' } } = document;
  if (background.kind === 'original') return [{ name: 'Background', image, hidden: false }];
  const picture = { name: 'Picture', image, hidden: true };
  if (background.kind === 'transparent') return [picture];
  const shown = await renderBackground(document, options);
  return [picture, { name: 'New background', image: shown, hidden: false }];
}
