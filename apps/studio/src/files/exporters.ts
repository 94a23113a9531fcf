import {
  type CocoSegmentation,
  composeDocument,
  type CutoutOptions,
  encodePng,
  type MaskPngOptions,
  type PsdOptions,
  writeCoco,
  writeCutout,
  writeMaskPng,
  writeOpenRaster,
  writeProject,
  writePsd,
  writeSvg,
} from '@samgpu/document';

import type { FormatId } from './format-names.ts';
import type { StudioDocument } from './studio-document.ts';

/** Choices for all formats; each takes those that mean something to it. */
export interface ExportOptions {
  /** Cutouts only as large as the objects. Default `false`. */
  readonly crop?: boolean;
  /** Objects of a cutout in one picture or one by one. Default `together`. */
  readonly objects?: CutoutOptions['objects'];
  /** Of mask PNGs. Default `union`. */
  readonly form?: MaskPngOptions['form'];
  /** How much of the picture each layer of a PSD keeps. Default `around`. */
  readonly keep?: PsdOptions['keep'];
  /** How far SVG outlines may stray from the pixels. Default 0: exact. */
  readonly tolerance?: number;
  /** What lies below SVG outlines. Default `none`. */
  readonly svgPicture?: 'none' | 'linked' | 'embedded';
  /** How COCO's masks are written. Default `auto`. */
  readonly segmentation?: CocoSegmentation;
  /** The file that the picture was opened from: kept in projects and SVGs, named in COCO. */
  readonly picture?: Blob;
  readonly pictureName?: string;
  /** What `session.save()` gives, for projects. */
  readonly session?: unknown;
}

/** Writes a document in one format. */
export interface Exporter {
  /** @throws DocumentError */
  write(document: StudioDocument, options?: ExportOptions): Promise<Blob>;
}

export const exporters: Readonly<Record<FormatId, Exporter>> = {
  picture: {
    write: async (document) => encodePng(await composeDocument(document)),
  },
  cutout: {
    write: (document, { crop = false, objects = 'together' } = {}) =>
      writeCutout(document, { crop, objects }),
  },
  mask: {
    write: (document, { form = 'union' } = {}) => writeMaskPng(document, { form }),
  },
  psd: {
    write: (document, { keep = 'around' } = {}) => writePsd(document, { keep }),
  },
  openraster: {
    write: (document) => writeOpenRaster(document),
  },
  svg: {
    write: (document, { tolerance = 0, svgPicture = 'none', picture, pictureName } = {}) =>
      writeSvg(document, {
        tolerance,
        picture:
          svgPicture === 'embedded'
            ? { kind: 'embedded', ...(picture !== undefined && { file: picture }) }
            : svgPicture === 'linked'
              ? { kind: 'linked', href: encodeURI(pictureName ?? document.name) }
              : { kind: 'none' },
      }),
  },
  coco: {
    write: async (document, { segmentation = 'auto', pictureName = document.name } = {}) =>
      writeCoco(document, { segmentation, fileName: pictureName }),
  },
  project: {
    write: (document, { picture, session } = {}) => writeProject(document, { picture, session }),
  },
};
