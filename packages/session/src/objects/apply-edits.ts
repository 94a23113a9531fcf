import {
  type AlphaMask,
  featherMask,
  fillHoles,
  growMask,
  invertMask,
  Mask,
  removeSmallRegions,
  shrinkMask,
  smoothMask,
} from '@samgpu/mask';

import type { DistanceEdit, MaskEdit } from './session-object.ts';

export interface EditedMask {
  readonly mask: Mask;
  readonly alpha?: AlphaMask;
}

/** Applies edits in their order; the latest feather comes last, wherever it stands. */
export function applyEdits(mask: Mask, edits: readonly MaskEdit[]): EditedMask {
  const edited = edits.reduce(applyEdit, mask);
  const feather = edits.findLast((edit): edit is DistanceEdit => edit.kind === 'feather');
  if (feather === undefined || !(feather.amount > 0)) {
    return { mask: edited };
  }
  return { mask: edited, alpha: featherMask(edited, feather.amount) };
}

function applyEdit(mask: Mask, edit: MaskEdit): Mask {
  switch (edit.kind) {
    case 'grow':
      return growMask(mask, edit.amount);
    case 'shrink':
      return shrinkMask(mask, edit.amount);
    case 'smooth':
      return smoothMask(mask, edit.amount);
    case 'invert':
      return invertMask(mask);
    case 'fill-holes':
      return Mask.fromBitmap(fillHoles(mask, { maximumArea: edit.amount ?? Infinity }));
    case 'drop-islands': {
      const least = edit.amount === undefined ? Infinity : edit.amount + 1;
      return Mask.fromBitmap(removeSmallRegions(mask, least, 'islands').bitmap);
    }
    default:
      return mask;
  }
}
