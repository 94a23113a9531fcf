import type { CocoCategory, CocoExtras } from '@samgpu/document';
import { drawMasks, type Mask, type PixelImage } from 'samgpu';

import type { OutputFolder } from './output-folder.ts';
import { fileEndings, type OutputFormat } from './output-format.ts';
import { MaskWriter, type MaskWriterOptions } from './write-masks.ts';
import { writeColors } from './write-png.ts';

/** A mask that was found, and what a COCO file says of it. */
export interface FoundToWrite {
  readonly mask: Mask;
  readonly extras?: CocoExtras & { readonly category?: number };
}

/** The picture that masks were found in. */
export interface SearchedPicture {
  readonly file: string;
  /** What the names of its files begin with. */
  readonly stem: string;
  readonly pixels: PixelImage;
}

export interface FoundFormats extends Pick<MaskWriterOptions, 'formats' | 'crop' | 'soften'> {
  /** Of the COCO file. Default: all are objects. */
  readonly categories?: readonly CocoCategory[];
}

/** Paths by format. */
export type WrittenFiles = Partial<Record<OutputFormat, string>>;

/**
 * Writes all that was found in a picture: one overlay and one COCO file, other formats for each mask.
 *
 * @returns paths of what there is for each mask, and of what there is for all
 */
export async function writeFoundMasks(
  found: readonly FoundToWrite[],
  { file, stem, pixels }: SearchedPicture,
  folder: OutputFolder,
  { formats, crop, soften, categories }: FoundFormats,
): Promise<{ readonly own: readonly WrittenFiles[]; readonly files: WrittenFiles }> {
  const ownFormats = formats.filter((format) => format !== 'overlay');
  const writer = new MaskWriter(folder, stem, { formats: ownFormats, crop, pixels, soften });
  const own: WrittenFiles[] = [];
  for (const { mask, extras } of found) own.push(await writer.add(mask, extras));
  const files: WrittenFiles = {};
  if (formats.includes('overlay')) {
    const masks = found.map(({ mask }) => mask);
    const drawn = drawMasks(masks, pixels);
    files.overlay = await folder.write(stem + fileEndings.overlay, (path) =>
      writeColors(path, drawn, pixels.channels === 3),
    );
  }
  Object.assign(files, await writer.finish(file, pixels, categories));
  return { own, files };
}
