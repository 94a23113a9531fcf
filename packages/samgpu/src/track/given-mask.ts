import type { Bitmap } from '@samgpu/mask';

import { resizePlane } from './resize-plane.ts';

/** Logits of a mask that a user gives, inside and outside. */
const SURE = 10;

/** A mask that a user gave, as the model takes it. */
export interface GivenMask {
  /** 0 and 1, `[size, size]`. */
  readonly mask: Float32Array<ArrayBuffer>;
  /** `[side, side]` */
  readonly logits: Float32Array<ArrayBuffer>;
}

/**
 * Brings a mask of a frame to the model's square and to its logits (`add_new_mask` of SAM 2's video
 * predictor).
 *
 * @param size - side of the square
 * @param side - of the logits
 */
export function givenMask(bitmap: Bitmap, size: number, side: number): GivenMask {
  const square = { width: size, height: size };
  const isSquare = bitmap.width === size && bitmap.height === size;
  const mask = isSquare
    ? Float32Array.from(bitmap.data)
    : resizePlane(bitmap.data, bitmap, square).map((share) => (share >= 0.5 ? 1 : 0));
  const sure = mask.map((inside) => 2 * SURE * inside - SURE);
  return { mask, logits: resizePlane(sure, square, { width: side, height: side }) };
}
