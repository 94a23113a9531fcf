import type { AlphaMask, Mask, RgbColor } from '@samgpu/mask';

/** An object that was committed. Immutable. */
export interface SessionObject {
  /** Unique in its session. */
  readonly id: string;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
  /** At the size of the image. It holds run lengths. */
  readonly mask: Mask;
  /** Soft edges: a feather, or a matte of `refineEdges`. */
  readonly alpha?: AlphaMask;
}

/** How the draft meets the selected object. With nothing selected all are `new`. */
export type MaskOperation = 'new' | 'add' | 'subtract' | 'intersect';

/** A change to a mask by a distance in pixels of the image. */
export interface DistanceEdit {
  readonly kind: 'grow' | 'shrink' | 'feather' | 'smooth';
  readonly amount: number;
}

/** Fills holes or drops islands. */
export interface PieceEdit {
  readonly kind: 'fill-holes' | 'drop-islands';
  /** The most pixels that such a piece has. Default: fill all holes, drop all but the largest island. */
  readonly amount?: number;
}

/** A change to a mask that needs no model. */
export type MaskEdit = DistanceEdit | PieceEdit | { readonly kind: 'invert' };
