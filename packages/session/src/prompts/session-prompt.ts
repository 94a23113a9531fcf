import type { Box, Mask } from '@samgpu/mask';
import type { PointLabel } from 'samgpu';

/** A position in pixels of the image. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

interface Identified {
  /** Unique in its session. */
  readonly id: string;
}

/** A click. */
export interface PointPrompt extends Identified, Position {
  readonly kind: 'point';
  readonly label: PointLabel;
}

/** A box around the object. There is at most one. */
export interface BoxPrompt extends Identified {
  readonly kind: 'box';
  readonly box: Box;
}

/** A closed outline around the object, or around something that is not meant. */
export interface LassoPrompt extends Identified {
  readonly kind: 'lasso';
  readonly path: readonly Position[];
  readonly label: PointLabel;
}

/** A stroke over the object, or over something that is not meant. */
export interface ScribblePrompt extends Identified {
  readonly kind: 'scribble';
  readonly path: readonly Position[];
  readonly label: PointLabel;
}

/** A mask to start from. There is at most one. */
export interface MaskPrompt extends Identified {
  readonly kind: 'mask';
  readonly mask: Mask;
}

/** What a person did to say which object is meant. */
export type SessionPrompt = PointPrompt | BoxPrompt | LassoPrompt | ScribblePrompt | MaskPrompt;
