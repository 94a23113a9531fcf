import { tinyVit } from '@samgpu/mobile-sam';
import { vitB, vitH, vitL } from '@samgpu/sam';
import type { Variant, WeightFile } from '@samgpu/variant';

import { defineHqSam, defineHqTinySam } from './define-hq-sam.ts';

/** Hashes are those that other projects pin: upstream publishes none. Of two files only MD5 is known. */
function published(file: string, pins: Pick<WeightFile, 'bytes' | 'sha256' | 'md5'>): WeightFile {
  const url = new URL(file, 'https://huggingface.co/lkeab/hq-sam/resolve/main/');
  return { kind: 'file', url, ...pins };
}

/** HQ-SAM with ViT-B. */
export const hqVitB: Variant = defineHqSam(
  {
    name: 'sam-hq-vit-b',
    title: 'HQ-SAM ViT-B',
    description: '95 M parameters; finer outlines than SAM',
    weights: published('sam_hq_vit_b.pth', { md5: 'c6b8953247bcfdc8bb8ef91e36a6cacc' }),
  },
  vitB,
);

/** HQ-SAM with ViT-L. */
export const hqVitL: Variant = defineHqSam(
  {
    name: 'sam-hq-vit-l',
    title: 'HQ-SAM ViT-L',
    description: '314 M parameters; finer outlines than SAM',
    weights: published('sam_hq_vit_l.pth', { md5: '08947267966e4264fb39523eccc33f86' }),
  },
  vitL,
);

/** HQ-SAM with ViT-H. */
export const hqVitH: Variant = defineHqSam(
  {
    name: 'sam-hq-vit-h',
    title: 'HQ-SAM ViT-H',
    description: '643 M parameters; finer outlines than SAM',
    weights: published('sam_hq_vit_h.pth', {
      bytes: 2_570_940_653,
      sha256: 'a7ac14a085326d9fa6199c8c698c4f0e7280afdbb974d2c4660ec60877b45e35',
    }),
  },
  vitH,
);

/** HQ-SAM with MobileSAM's TinyViT ("Light HQ-SAM"). */
export const hqVitTiny: Variant = defineHqTinySam(
  {
    name: 'sam-hq-vit-tiny',
    title: 'HQ-SAM TinyViT',
    description: '11 M parameters; finer outlines than MobileSAM',
    weights: published('sam_hq_vit_tiny.pth', {
      sha256: '0f32c075ccdd870ae54db2f7630e7a0878ede5a2b06d05d6fe02c65a82fb7196',
    }),
  },
  tinyVit,
);
