import { type Box, type BoxCorners, Mask, type PixelSource, type Rle } from '@samgpu/mask';

/** One object that was found. */
export interface FoundMask {
  /** At the size of the picture. It holds run lengths; its pixels are made when they are used. */
  readonly mask: Mask;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** How little the mask changes when its threshold moves, at the size of the picture, 0 to 1. */
  readonly stability: number;
  /** In pixels. */
  readonly area: number;
  readonly bounds: Box;
  /** Where the model was asked, in pixels of the picture. */
  readonly point: { readonly x: number; readonly y: number };
  /** The part of the picture that the model saw. */
  readonly cropBox: Box;
}

/** A mask that passed all filters and may still turn out to be a duplicate. */
export interface Candidate extends Omit<FoundMask, 'mask'> {
  readonly rle: Rle;
  /** Outermost pixels of the mask, in pixels of the picture. */
  readonly corners: BoxCorners;
}

export function foundMask(
  { rle, corners: _, ...found }: Candidate,
  source: () => PixelSource,
): FoundMask {
  const { score, stability } = found;
  return { mask: Mask.fromRle(rle, { score, stability, source }), ...found };
}
