import { assertMaskSize } from '../bitmap.ts';
import type { Box } from '../box.ts';
import { MaskError } from '../mask-error.ts';
import type { Size } from '../size.ts';

/** A part of a picture that is looked at on its own. */
export interface CropBox extends Box {
  /** 0 for the whole picture; in layer n the picture is cut into 2^n by 2^n parts. */
  readonly layer: number;
}

/** Layers beyond this would cut a picture into more than 65,536 parts. */
const maximumLayers = 8;

/**
 * Overlapping parts of a picture, layer by layer, for finding small objects: the whole picture, then
 * 2 by 2 parts, 4 by 4 and so on (`generate_crop_boxes` of segment-anything).
 *
 * @param layers - beyond the whole picture, 0 to 8
 * @param overlapRatio - how far parts of the first layer overlap, as a share of the picture's shorter
 *   side; half of it in each further layer. Default 512/1500
 * @returns column by column from the left within each layer
 * @throws {@link MaskError} `invalid-size` or `invalid-option`
 */
export function cropBoxes(
  image: Size,
  layers: number,
  overlapRatio: number = 512 / 1500,
): CropBox[] {
  assertMaskSize(image);
  if (!Number.isInteger(layers) || layers < 0 || layers > maximumLayers) {
    throw new MaskError(
      'invalid-option',
      `${layers} crop layers: wanted a whole number from 0 to ${maximumLayers}.`,
    );
  }
  if (!(overlapRatio >= 0 && overlapRatio < 1)) {
    throw new MaskError(
      'invalid-option',
      `crop overlap ratio ${overlapRatio}: wanted 0 or more, and below 1.`,
    );
  }
  const { width, height } = image;
  const boxes: CropBox[] = [{ x: 0, y: 0, width, height, layer: 0 }];
  for (let layer = 1; layer <= layers; layer++) {
    const count = 2 ** layer;
    const overlap = Math.trunc(overlapRatio * Math.min(width, height) * (2 / count));
    const lengthOf = (side: number): number => Math.ceil((overlap * (count - 1) + side) / count);
    const [cropWidth, cropHeight] = [lengthOf(width), lengthOf(height)];
    for (let column = 0; column < count; column++) {
      for (let row = 0; row < count; row++) {
        const x = (cropWidth - overlap) * column;
        const y = (cropHeight - overlap) * row;
        boxes.push({
          x,
          y,
          width: Math.min(x + cropWidth, width) - x,
          height: Math.min(y + cropHeight, height) - y,
          layer,
        });
      }
    }
  }
  return boxes;
}
