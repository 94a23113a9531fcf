import {
  type CocoSegmentation,
  composeDocument,
  type CutoutOptions,
  encodePng,
  fileNames,
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

import type { StudioDocument } from './studio-document.ts';

/** Formats that the Studio writes. */
export type FormatId =
  | 'picture'
  | 'cutout'
  | 'mask'
  | 'psd'
  | 'openraster'
  | 'svg'
  | 'coco'
  | 'project';

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
  readonly id: FormatId;
  /** Without a dot; the first is the usual one. */
  readonly extensions: readonly string[];
  /** @throws DocumentError */
  write(document: StudioDocument, options?: ExportOptions): Promise<Blob>;
}

export const exporters: Readonly<Record<FormatId, Exporter>> = {
  picture: {
    id: 'picture',
    extensions: ['png'],
    write: async (document) => encodePng(await composeDocument(document)),
  },
  cutout: {
    id: 'cutout',
    extensions: ['png'],
    write: (document, { crop = false, objects = 'together' } = {}) =>
      writeCutout(document, { crop, objects }),
  },
  mask: {
    id: 'mask',
    extensions: ['png'],
    write: (document, { form = 'union' } = {}) => writeMaskPng(document, { form }),
  },
  psd: {
    id: 'psd',
    extensions: ['psd', 'psb'],
    write: (document, { keep = 'around' } = {}) => writePsd(document, { keep }),
  },
  openraster: {
    id: 'openraster',
    extensions: ['ora'],
    write: (document) => writeOpenRaster(document),
  },
  svg: {
    id: 'svg',
    extensions: ['svg'],
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
    id: 'coco',
    extensions: ['json'],
    write: async (document, { segmentation = 'auto', pictureName = document.name } = {}) =>
      writeCoco(document, { segmentation, fileName: pictureName }),
  },
  project: {
    id: 'project',
    extensions: ['samgpu'],
    write: (document, { picture, session } = {}) => writeProject(document, { picture, session }),
  },
};

const endingsOfNames: Readonly<Partial<Record<FormatId, string>>> = {
  cutout: '.cutout',
  mask: '.mask',
  coco: '.coco',
};

/** Documents with a side beyond this are written as PSB. */
const longestPsdSide = 30_000;

/** What to call a file that was written. */
export function exportName(
  { id, extensions }: Exporter,
  { name, image }: StudioDocument,
  blob: Blob,
): string {
  const [stem] = fileNames([name]);
  const isArchive = blob.type === 'application/zip';
  const isLarge = id === 'psd' && Math.max(image.width, image.height) > longestPsdSide;
  const ending = isArchive ? 'zip' : (isLarge ? extensions[1] : extensions[0])!;
  return `${stem}${endingsOfNames[id] ?? ''}.${ending}`;
}
