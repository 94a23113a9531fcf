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
  return soften(editMask(mask, edits), edits);
}

/** A mask after all edits but the feather. */
export function editMask(mask: Mask, edits: readonly MaskEdit[]): Mask {
  return edits.reduce(applyEdit, mask);
}

/** A mask with the soft edge of the latest feather. */
export function soften(edited: Mask, edits: readonly MaskEdit[]): EditedMask {
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
      return Mask.fromRle(fillHoles(mask.toRle(), { maximumArea: edit.amount ?? Infinity }));
    case 'drop-islands': {
      const least = edit.amount === undefined ? Infinity : edit.amount + 1;
      return Mask.fromRle(removeSmallRegions(mask.toRle(), least, 'islands').rle);
    }
    default:
      return mask;
  }
}
