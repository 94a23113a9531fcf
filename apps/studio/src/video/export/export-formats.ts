import type { Background } from '@samgpu/document';

/** What becomes of a video. */
export type VideoFormat =
  | 'masks'
  | 'labels'
  | 'coco'
  | 'mots'
  | 'overlay'
  | 'cutout'
  | 'background';

export interface FormatEntry {
  readonly id: VideoFormat;
  readonly label: string;
  readonly detail: string;
  /** Whether it is a film, or pictures where the browser cannot write one. */
  readonly isFilm: boolean;
}

export const videoFormats: readonly FormatEntry[] = [
  {
    id: 'masks',
    label: 'Masks',
    detail: 'PNG for each object and frame, white where it is, in a zip',
    isFilm: false,
  },
  {
    id: 'labels',
    label: 'Label pictures',
    detail: 'One PNG per frame in the colours of DAVIS, in a zip',
    isFilm: false,
  },
  {
    id: 'coco',
    label: 'COCO JSON',
    detail: 'Run lengths, with ids of video and tracks',
    isFilm: false,
  },
  { id: 'mots', label: 'MOTS text', detail: 'A line for each object and frame', isFilm: false },
  { id: 'overlay', label: 'Overlay', detail: 'The video with its objects tinted', isFilm: true },
  {
    id: 'cutout',
    label: 'Cutout',
    detail: 'The objects alone, transparent around them',
    isFilm: true,
  },
  {
    id: 'background',
    label: 'Other background',
    detail: 'The objects before a colour or the blurred video',
    isFilm: true,
  },
];

/** What to export, and how. */
export interface VideoExport {
  readonly format: VideoFormat;
  /** Ids of objects. */
  readonly objects: readonly string[];
  /** Both included. */
  readonly from: number;
  readonly to: number;
  readonly background: Background;
  /** Pictures in a zip in place of a film. */
  readonly asPictures: boolean;
}
