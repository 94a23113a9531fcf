import type { PixelSource, RgbaImage } from '@samgpu/mask';

import type { PictureDocument } from '../picture-document.ts';
import { composeDocument, composeOver, renderBackground } from './compose-document.ts';

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
export async function backgroundPictures(document: PictureDocument): Promise<BackgroundPicture[]> {
  const { image, background = { kind: 'original' } } = document;
  if (background.kind === 'original') return [{ name: 'Background', image, hidden: false }];
  const picture = { name: 'Picture', image, hidden: true };
  if (background.kind === 'transparent') return [picture];
  const shown = await renderBackground(document);
  return [picture, { name: 'New background', image: shown, hidden: false }];
}

/**
 * What a document shows, over the background of its layers: a blur is not made a second time.
 *
 * @param pictures - see {@link backgroundPictures}
 */
export async function composeLayers(
  document: PictureDocument,
  [, shown]: readonly BackgroundPicture[],
): Promise<RgbaImage> {
  return shown === undefined ? composeDocument(document) : composeOver(shown.image, document);
}
