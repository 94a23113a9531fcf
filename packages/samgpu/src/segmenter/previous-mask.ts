import { type Bitmap, bitmapToLogits, type Logits, Mask, type UpsamplingPath } from '@samgpu/mask';
import type { Variant } from '@samgpu/variant';

import type { Frame } from '../preprocess/index.ts';
import { SegmenterError } from './segmenter-error.ts';

/** How the logits of a model lie over an image. */
export function upsamplingPath({ masks }: Variant, { size, resized }: Frame): UpsamplingPath {
  return masks.upsample === 'two-step'
    ? { mode: 'two-step', frame: { width: size, height: size }, resized }
    : { mode: masks.upsample };
}

/**
 * A previous mask as the logits that a model takes, `[logitSize, logitSize]` row-major.
 *
 * Logits of the model itself are fed back as they are; other masks are converted from pixels.
 */
export function previousMaskLogits(
  mask: Mask | Bitmap,
  variant: Variant,
  frame: Frame,
): Float32Array {
  const { width, height } = frame.original;
  if (mask.width !== width || mask.height !== height) {
    throw new SegmenterError(
      'wrong-mask',
      `a previous mask of ${mask.width}x${mask.height} for an image of ${width}x${height}; ` +
        'give a mask of this image at its original size',
    );
  }
  const side = variant.masks.logitSize;
  const logits = mask instanceof Mask ? mask.logits : undefined;
  if (logits !== undefined && hasSide(logits, side)) {
    return logits.data;
  }
  const converted = bitmapToLogits(
    mask,
    { width: side, height: side },
    upsamplingPath(variant, frame),
    { limit: variant.masks.logitLimit },
  );
  return converted.data;
}

function hasSide({ width, height }: Logits, side: number): boolean {
  return width === side && height === side;
}
