import { asObject } from '../../core/description.ts';

/**
 * Pixels of a mask that may come out either way: those whose logits are within 0.001 of the threshold,
 * which is about what logits of these networks may be off by.
 *
 * @param tensor - with the bits of the mask
 */
export function pixelsNearThreshold(
  description: Readonly<Record<string, unknown>>,
  tensor: string,
): number {
  const tensors = asObject(description['tensors'], 'tensors');
  const { near_zero: counts } = asObject(tensors[tensor] ?? {}, `tensors.${tensor}`);
  const count = asObject(counts ?? {}, `near_zero of ${tensor}`)['0.001'];
  return typeof count === 'number' ? count : 0;
}
