// A project is a zip archive, so that anybody can look into it: project.json, the picture as it was
// opened, and what no JSON should hold.

import type { CompressedRle, RgbColor } from '@samgpu/mask';

export const projectType = 'application/x-samgpu-project';
export const projectFormat = 'samgpu-project';
/** Of what is written. Readers refuse later ones, and know all earlier ones. */
export const projectVersion = 1;

/** `project.json`. */
export interface ProjectJson {
  readonly format: typeof projectFormat;
  readonly version: number;
  readonly name: string;
  readonly image: {
    /** In the archive. */
    readonly file: string;
    readonly mediaType: string;
    readonly width: number;
    readonly height: number;
  };
  readonly objects: readonly ProjectObject[];
  readonly background?: ProjectBackground;
  /** Where the state of an editor lies in the archive, as JSON. */
  readonly session?: string;
}

export interface ProjectObject {
  readonly id: string;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
  readonly opacity?: number;
  readonly mask: CompressedRle;
  readonly matte?: ProjectMatte;
}

/** Soft edges within a box of the picture. */
export interface ProjectMatte {
  readonly x: number;
  readonly y: number;
  /** Grey PNG in the archive. */
  readonly alpha: string;
  /** RGBA PNG of the same size: colours free of the background. */
  readonly colors?: string;
}

export type ProjectBackground =
  | { readonly kind: 'original' }
  | { readonly kind: 'transparent' }
  | { readonly kind: 'color'; readonly color: RgbColor }
  | { readonly kind: 'blur'; readonly radius: number }
  | {
      readonly kind: 'picture';
      /** PNG in the archive. */
      readonly file: string;
      readonly fit: 'cover' | 'contain';
      readonly color?: RgbColor;
    };
