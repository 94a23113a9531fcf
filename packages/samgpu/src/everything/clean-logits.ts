import { connectedComponents } from '@samgpu/mask';
import type { MaskOutput } from '@samgpu/variant';

/** How far from the threshold a pixel goes that changes sides. */
const CLEARANCE = 10;

/**
 * Fills small holes and drops small islands of a mask at the resolution of its logits, as the image
 * predictor of SAM 2 does. Both are pieces of the mask as it came, so an island in a hole that is
 * filled is dropped even so.
 *
 * @param logits - `[logitSize, logitSize]`
 * @param area - pieces of at most as many cells are small
 * @returns new logits, or the given ones where nothing is small
 */
export function cleanLogits(
  logits: Float32Array,
  { logitSize, threshold }: Pick<MaskOutput, 'logitSize' | 'threshold'>,
  area: number,
): Float32Array {
  let result = logits;
  for (const isInside of [false, true]) {
    const data = Uint8Array.from(logits, (logit) => (logit > threshold === isInside ? 1 : 0));
    const { components, labels } = connectedComponents({
      width: logitSize,
      height: logitSize,
      data,
    });
    const isSmall = components.map((component) => component.area <= area);
    if (!isSmall.includes(true)) continue;
    if (result === logits) result = logits.slice();
    for (let i = 0; i < labels.length; i++) {
      if (labels[i]! > 0 && isSmall[labels[i]! - 1]!) {
        result[i] = threshold + (isInside ? -CLEARANCE : CLEARANCE);
      }
    }
  }
  return result;
}
