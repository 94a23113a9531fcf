import type { Family } from '../../core/family.ts';
import { checkImageCase } from './check-image.ts';

/** Pictures through the image predictor of SAM 2 and 2.1. */
export const sam2Images: Family = {
  name: 'SAM 2 on pictures',
  matches: ({ variant, kind }) => /^sam2(\.1)?_hiera_/.test(variant) && kind === 'image',
  check: checkImageCase,
};
