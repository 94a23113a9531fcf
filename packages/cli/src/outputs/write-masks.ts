import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  cocoAnnotation,
  type CocoAnnotation,
  type CocoExtras,
  cocoFile,
  maskSvg,
} from '@samgpu/document';
import type { Mask, Size } from 'samgpu';

import type { OutputFolder } from './output-folder.ts';
import { fileEndings, type OutputFormat } from './output-format.ts';
import { writeCutout, writeMask, writeOverlay } from './write-png.ts';

// Outlines follow the stairs of the pixels; this smooths them and keeps corners.
const SVG_TOLERANCE = 0.75;

export interface MaskWriterOptions {
  readonly formats: readonly OutputFormat[];
  readonly crop: boolean;
  /** Whether the picture has no alpha channel. */
  readonly isOpaque: boolean;
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
  async add(mask: Mask, extras?: CocoExtras): Promise<Partial<Record<OutputFormat, string>>> {
    this.#count += 1;
    const { formats, crop, isOpaque } = this.#options;
    const stem = this.#count === 1 ? this.#stem : `${this.#stem}.${this.#count}`;
    const writers: Readonly<
      Record<Exclude<OutputFormat, 'coco'>, (path: string) => Promise<unknown>>
    > = {
      png: (path) => writeMask(path, mask),
      cutout: (path) => writeCutout(path, mask, crop),
      overlay: (path) => writeOverlay(path, mask, isOpaque),
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
   * @returns paths by format
   */
  async finish(file: string, size: Size): Promise<Partial<Record<OutputFormat, string>>> {
    if (!this.#options.formats.includes('coco')) return {};
    const content = JSON.stringify(cocoFile(basename(file), size, this.#annotations));
    const path = await this.#folder.write(this.#stem + fileEndings.coco, (path) =>
      writeFile(path, `${content}\n`),
    );
    return { coco: path };
  }
}
