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
 *
 * @param limit - largest logit, either way, of those that are converted
 */
export function previousMaskLogits(
  mask: Mask | Bitmap | Logits,
  variant: Variant,
  frame: Frame,
  limit: number = variant.masks.logitLimit,
): Float32Array {
  const { width, height } = frame.original;
  const side = variant.masks.logitSize;
  if (isLogits(mask)) {
    return bareLogits(mask, side);
  }
  if (mask.width !== width || mask.height !== height) {
    throw new SegmenterError(
      'wrong-mask',
      `a previous mask of ${mask.width}x${mask.height} for an image of ${width}x${height}; ` +
        'give a mask of this image at its original size',
    );
  }
  const logits = mask instanceof Mask ? mask.logits : undefined;
  if (logits !== undefined && hasSide(logits, side)) {
    return logits.data;
  }
  const converted = bitmapToLogits(
    mask,
    { width: side, height: side },
    upsamplingPath(variant, frame),
    { limit },
  );
  return converted.data;
}

function isLogits(mask: Mask | Bitmap | Logits): mask is Logits {
  return !(mask instanceof Mask) && mask.data instanceof Float32Array;
}

function bareLogits(logits: Logits, side: number): Float32Array {
  const { width, height, data } = logits;
  if (!hasSide(logits, side) || data.length !== side * side) {
    throw new SegmenterError(
      'wrong-mask',
      `previous logits of ${width}x${height} with ${data.length} values, wanted ${side}x${side}; ` +
        'give logits of this model, or a mask of the image',
    );
  }
  return data;
}

function hasSide({ width, height }: Logits, side: number): boolean {
  return width === side && height === side;
}
