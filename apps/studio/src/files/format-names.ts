import { fileNames } from '@samgpu/document';

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

/** Without a dot; the first is the usual one. */
const endings: Readonly<Record<FormatId, readonly string[]>> = {
  picture: ['png'],
  cutout: ['png'],
  mask: ['png'],
  psd: ['psd', 'psb'],
  openraster: ['ora'],
  svg: ['svg'],
  coco: ['json'],
  project: ['samgpu'],
};

const endingsOfNames: Readonly<Partial<Record<FormatId, string>>> = {
  cutout: '.cutout',
  mask: '.mask',
  coco: '.coco',
};

/** Documents with a side beyond this are written as PSB. */
const longestPsdSide = 30_000;

/** What to call a file that was written. */
export function exportName(id: FormatId, { name, image }: StudioDocument, blob: Blob): string {
  const extensions = endings[id];
  const [stem] = fileNames([name]);
  const isArchive = blob.type === 'application/zip';
  const isLarge = id === 'psd' && Math.max(image.width, image.height) > longestPsdSide;
  const ending = isArchive ? 'zip' : (isLarge ? extensions[1] : extensions[0])!;
  return `${stem}${endingsOfNames[id] ?? ''}.${ending}`;
}
