import { createHash } from 'node:crypto';

import { type Bitmap, upsampleLogits, type UpsamplingPath } from '@samgpu/mask';
import { formulaValues, sampleIndices } from '@samgpu/testing';

import { compared, type StageList } from '../core/stage-list.ts';
import { type Algorithm, eachCase, exactly, sameText } from './algorithm.ts';

interface UpsamplingCase {
  readonly key: string;
  readonly seed: number;
  readonly scale: number;
  readonly shape: readonly [1, 1, number, number];
  readonly input_size?: readonly [height: number, width: number];
  readonly original_size: readonly [height: number, width: number];
  readonly sample_count: number;
  readonly sample_f32_b64: string;
  readonly mask_area?: number;
  readonly mask_sha256_packed?: string;
  readonly mask_area_ge0?: number;
}

/** SAM: its logits have a quarter of the side of the square input. */
const twoSteps = eachCase(
  'postprocess_masks',
  ['original_size', 'input_size', 'sample_f32_b64'],
  (item: UpsamplingCase, at, stages) => {
    const [height, width] = item.input_size!;
    const side = 4 * Math.max(item.shape[2], item.shape[3]);
    const path = {
      mode: 'two-step',
      frame: { width: side, height: side },
      resized: { width, height },
    } as const;
    // Logits reach 4, where a float32 has steps of 2.4e-7; the official code rounds twice per step.
    check(item, at, stages, path, { limit: 1e-6, inclusive: false });
  },
);

/** EfficientSAM. */
const bicubic = eachCase(
  'bicubic_upscale',
  ['original_size', 'sample_f32_b64', 'mask_area_ge0'],
  (item: UpsamplingCase, at, stages) =>
    // The official cubic weights are float32 with terms of up to 6 cancelling, so each is off by 5e-7
    // or so; sixteen of them meet logits of up to 4.
    check(item, at, stages, { mode: 'bicubic-direct' }, { limit: 1e-5, inclusive: true }),
);

function check(
  item: UpsamplingCase,
  at: string,
  stages: StageList,
  path: UpsamplingPath,
  { limit, inclusive }: { readonly limit: number; readonly inclusive: boolean },
): void {
  const [, , lowHeight, lowWidth] = item.shape;
  const [height, width] = item.original_size;
  const size = { width, height };
  const { key, seed, scale } = item;
  const data = formulaValues(key, lowWidth * lowHeight, { seed, scale: Math.fround(scale) });
  const logits = { width: lowWidth, height: lowHeight, data };
  const full = upsampleLogits(logits, size, path, { inclusive, returnLogits: true });
  const values = full.logits!.data;

  const bytes = Buffer.from(item.sample_f32_b64, 'base64');
  const count = Math.min(item.sample_count, bytes.length / 4);
  const expected = Array.from({ length: count }, (_, k) => bytes.readFloatLE(4 * k));
  const indices = count < values.length ? sampleIndices(values.length, count) : values.keys();
  const actual = Array.from(indices, (index) => values[index]!).slice(0, count);
  stages.add(compared(`${at}.logits`, [height, width], actual, expected, { maxAbs: limit }));

  // Without logits most pixels are filled unseen.
  const mask = upsampleLogits(logits, size, path, { inclusive });
  const area = item.mask_area ?? item.mask_area_ge0;
  if (area !== undefined) {
    exactly(stages, `${at}.area`, [mask.area, full.area], [area, area]);
  }
  if (item.mask_sha256_packed !== undefined) {
    sameText(stages, `${at}.mask`, packedHash(mask.bitmap), item.mask_sha256_packed);
  }
}

/** Row-major bits, least significant first. */
function packedHash({ data }: Bitmap): string {
  const bytes = new Uint8Array(Math.ceil(data.length / 8));
  for (let i = 0; i < data.length; i++) bytes[i >> 3]! |= data[i]! << (i & 7);
  return createHash('sha256').update(bytes).digest('hex');
}

export const upsamplingAlgorithms: readonly Algorithm[] = [twoSteps, bicubic];
