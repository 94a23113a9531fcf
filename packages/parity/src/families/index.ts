/** Everything that cases can be of. A new model is a new entry. */
import type { Family } from '../core/family.ts';
import { repVitModules } from '../modules/rep-vit-modules.ts';
import { sam2Modules } from '../modules/sam2-modules.ts';
import { sam2Parts } from '../modules/sam2-parts.ts';
import { sam2SharedModules } from '../modules/sam2-shared-modules.ts';
import { samModules } from '../modules/sam-modules.ts';
import { tinyVitModules } from '../modules/tiny-vit-modules.ts';
import { vitBlocks } from '../modules/vit-modules.ts';
import { edgeSam } from './edge-sam.ts';
import { efficientSam } from './efficient-sam.ts';
import { mobileSam } from './mobile-sam.ts';
import { sam } from './sam.ts';
import { sam2Images, sam2Videos } from './sam2/index.ts';
import { samHq } from './sam-hq.ts';

const sam2Others: Family = {
  name: 'SAM 2, other cases',
  matches: ({ variant }) => variant.startsWith('sam2'),
  unsupported: 'of SAM 2 pictures, videos, modules and parts are known, and no other kind of case',
};

const fastSam: Family = {
  name: 'FastSAM',
  matches: ({ variant }) => /^(fastsam|modules_yolo)/.test(variant),
  unsupported: 'FastSAM is not implemented yet',
};

export const families: readonly Family[] = [
  vitBlocks,
  samModules,
  sam,
  samHq,
  tinyVitModules,
  mobileSam,
  efficientSam,
  repVitModules,
  edgeSam,
  sam2Modules,
  sam2SharedModules,
  sam2Parts,
  sam2Images,
  sam2Videos,
  sam2Others,
  fastSam,
];
