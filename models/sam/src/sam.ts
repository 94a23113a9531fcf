import type { Variant, WeightFile } from '@samgpu/variant';

import { vitB, vitH, vitL } from './config.ts';
import { defineSam } from './define-sam.ts';

/** Meta publishes no hashes; these are those that independent projects pin and agree on. */
function published(file: string, pins: Pick<WeightFile, 'bytes' | 'sha256'>): WeightFile {
  const url = new URL(file, 'https://dl.fbaipublicfiles.com/segment_anything/');
  return { kind: 'file', url, ...pins };
}

/** SAM with ViT-B, the smallest of the three. */
export const samVitB: Variant = defineSam(
  {
    name: 'sam-vit-b',
    title: 'SAM ViT-B',
    description: '94 M parameters; clicks, boxes and masks',
    weights: published('sam_vit_b_01ec64.pth', {
      bytes: 375_042_383,
      sha256: 'ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912',
    }),
  },
  vitB,
);

/** SAM with ViT-L. */
export const samVitL: Variant = defineSam(
  {
    name: 'sam-vit-l',
    title: 'SAM ViT-L',
    description: '312 M parameters; clicks, boxes and masks',
    weights: published('sam_vit_l_0b3195.pth', {
      bytes: 1_249_524_607,
      sha256: '3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622',
    }),
  },
  vitL,
);

/** SAM with ViT-H, the largest. */
export const samVitH: Variant = defineSam(
  {
    name: 'sam-vit-h',
    title: 'SAM ViT-H',
    description: '641 M parameters; clicks, boxes and masks',
    weights: published('sam_vit_h_4b8939.pth', {
      bytes: 2_564_550_879,
      sha256: 'a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e',
    }),
  },
  vitH,
);
