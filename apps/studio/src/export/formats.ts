import {
  Braces,
  Contrast,
  FileArchive,
  Image,
  Layers,
  LayersPlus,
  type LucideIcon,
  Scissors,
  Spline,
} from 'lucide-react';

import type { FormatId } from '../files/index.ts';

/** How a format is offered. */
export interface FormatChoice {
  readonly id: FormatId;
  readonly title: string;
  readonly detail: string;
  readonly icon: LucideIcon;
  /** Whether it can go to the clipboard. */
  readonly copies?: 'png' | 'svg';
}

export const formats: readonly FormatChoice[] = [
  {
    id: 'cutout',
    title: 'Cutout',
    detail: 'PNG, transparent around the objects',
    icon: Scissors,
    copies: 'png',
  },
  {
    id: 'picture',
    title: 'Picture',
    detail: 'PNG with the new background',
    icon: Image,
    copies: 'png',
  },
  {
    id: 'mask',
    title: 'Mask',
    detail: 'PNG, white where the objects are',
    icon: Contrast,
    copies: 'png',
  },
  { id: 'psd', title: 'Photoshop', detail: 'PSD: a layer with a mask for each', icon: Layers },
  {
    id: 'openraster',
    title: 'OpenRaster',
    detail: 'Layers for Krita and GIMP',
    icon: LayersPlus,
  },
  {
    id: 'svg',
    title: 'Outlines',
    detail: 'SVG: a path for each object',
    icon: Spline,
    copies: 'svg',
  },
  { id: 'coco', title: 'COCO', detail: 'JSON annotations for training', icon: Braces },
  {
    id: 'project',
    title: 'Project',
    detail: 'Everything, to go on with it later',
    icon: FileArchive,
  },
];
