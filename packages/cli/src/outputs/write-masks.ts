import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  cocoAnnotation,
  type CocoAnnotation,
  type CocoCategory,
  type CocoExtras,
  cocoFile,
  maskSvg,
} from '@samgpu/document';
import type { Mask, Matte, MatteOptions, PixelSource, Size } from 'samgpu';

import type { OutputFolder } from './output-folder.ts';
import { type EdgeKind, fileEndings, type OutputFormat } from './output-format.ts';
import { writeCutout, writeMask, writeMatte, writeOverlay } from './write-png.ts';

// Outlines follow the stairs of the pixels; this smooths them and keeps corners.
const SVG_TOLERANCE = 0.75;

export interface MaskWriterOptions {
  readonly formats: readonly OutputFormat[];
  readonly crop: boolean;
  /** The picture, which the masks belong to. */
  readonly pixels: PixelSource;
  /** Makes soft edges: `matte` of the image that was segmented. */
  readonly soften: (mask: Mask, options: MatteOptions) => Promise<Matte>;
  /** Of cutouts. A matte is always soft. @defaultValue 'hard' */
  readonly edges?: EdgeKind;
}

/** Writes the masks of one picture, one file after another, which keeps memory low. */
export class MaskWriter {
  readonly #folder: OutputFolder;
  readonly #stem: string;
  readonly #options: MaskWriterOptions;
  readonly #annotations: CocoAnnotation[] = [];
  #count = 0;

  /** @param stem - what the names of the files begin with */
  constructor(folder: OutputFolder, stem: string, options: MaskWriterOptions) {
    this.#folder = folder;
    this.#stem = stem;
    this.#options = options;
  }

  /**
   * Writes the next mask. The first one's files have no number, the second one's have 2.
   *
   * @returns paths by format, without `coco`, which has one file for all masks
   */
  async add(
    mask: Mask,
    extras?: CocoExtras & { readonly category?: number },
  ): Promise<Partial<Record<OutputFormat, string>>> {
    this.#count += 1;
    const { formats, crop, pixels, soften, edges = 'hard' } = this.#options;
    const stem = this.#count === 1 ? this.#stem : `${this.#stem}.${this.#count}`;
    let soft: Promise<Matte> | undefined;
    const softened = (): Promise<Matte> =>
      (soft ??= soften(mask, { method: edges === 'fast' ? 'fast' : 'best' }));
    const writers: Readonly<
      Record<Exclude<OutputFormat, 'coco'>, (path: string) => Promise<unknown>>
    > = {
      png: (path) => writeMask(path, mask),
      cutout: async (path) => writeCutout(path, edges === 'hard' ? mask : await softened(), crop),
      matte: async (path) => writeMatte(path, await softened()),
      overlay: (path) => writeOverlay(path, mask, pixels.channels === 3),
      rle: (path) => writeFile(path, `${JSON.stringify(mask.toRle({ compressed: true }))}\n`),
      svg: (path) => writeFile(path, maskSvg(mask, { tolerance: SVG_TOLERANCE })),
    };
    const files: Partial<Record<OutputFormat, string>> = {};
    for (const format of formats) {
      if (format === 'coco') this.#annotations.push(cocoAnnotation(mask, this.#count, extras));
      else {
        files[format] = await this.#folder.write(stem + fileEndings[format], writers[format]);
      }
    }
    return files;
  }

  /**
   * Writes what describes all masks together, after the last one.
   *
   * @param categories - of the COCO file; by default all masks are objects
   * @returns paths by format
   */
  async finish(
    file: string,
    size: Size,
    categories?: readonly CocoCategory[],
  ): Promise<Partial<Record<OutputFormat, string>>> {
    if (!this.#options.formats.includes('coco')) return {};
    const content = JSON.stringify(cocoFile(basename(file), size, this.#annotations, categories));
    const path = await this.#folder.write(this.#stem + fileEndings.coco, (path) =>
      writeFile(path, `${content}\n`),
    );
    return { coco: path };
  }
}
