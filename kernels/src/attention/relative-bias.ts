import { source as relativeFours } from './bias-relative-fours.wgsl.ts';
import { source as relative } from './bias-relative.wgsl.ts';
import type { AttentionPart } from './link-attention.ts';

/** Adds decomposed relative positions of a grid or window to the scores of `rows` query heads. */
export function relativeBias(
  rows: number,
  { height, width }: { readonly height: number; readonly width: number },
): AttentionPart {
  return {
    source: width % 4 === 0 ? relativeFours : relative,
    constants: { BIAS_HEIGHT: height, BIAS_WIDTH: width },
    bindings: [
      { name: 'relativeHeight', access: 'read', bytes: rows * height * 4 },
      { name: 'relativeWidth', access: 'read', bytes: rows * width * 4 },
    ],
  };
}
