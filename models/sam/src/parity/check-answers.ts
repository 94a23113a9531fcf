import type { Answer } from '@samgpu/variant';
import { upsampleLogits, type UpsamplingPath } from 'samgpu';
import { expect } from 'vitest';

import type { PromptCase } from './case.ts';
import { expectGolden, isStored } from './golden.ts';
import type { Outputs } from './run.ts';

type Shape4 = readonly [number, number, number, number];

/** Where answers are to be found, and how they become masks: SAM's way by default. */
export interface AnsweredCase extends Pick<
  PromptCase,
  'golden' | 'limits' | 'frame' | 'maskAreas'
> {
  readonly path?: UpsamplingPath;
  /** Whether a pixel at the threshold belongs to the mask. */
  readonly inclusive?: boolean;
}

/** The masks and scores that answer a prompt, at low resolution and at the picture's. */
export async function checkAnswers(
  { golden, limits, frame, maskAreas, path = twoStepPath(frame), inclusive = false }: AnsweredCase,
  tag: string,
  answers: readonly Answer[],
  outputs: Outputs,
): Promise<void> {
  const [, , side, width] = outputs['logits']!.shape as Shape4;
  const all = Float32Array.from(outputs['logits']!.data);
  const logits = answers.map(({ mask }) =>
    all.slice(mask * side * width, (mask + 1) * side * width),
  );
  const scores = answers.map(({ score }) => score);
  const joined = logits.flatMap((values) => [...values]);
  await expectGolden(golden, `${tag}.low_res`, joined, limits.low_res_max_abs);
  await expectGolden(golden, `${tag}.iou`, scores, limits.iou_max_abs);

  const { original } = frame;
  const enlarged = logits.map((data) =>
    upsampleLogits({ width, height: side, data }, original, path, {
      inclusive,
      returnLogits: true,
    }),
  );
  if (isStored(golden, `${tag}.full_logits`)) {
    // Enlarging averages, so no error grows; cubic weights let it grow by less than two.
    const full = enlarged.flatMap((mask) => [...mask.logits!.data]);
    await expectGolden(golden, `${tag}.full_logits`, full, limits.low_res_max_abs);
  }
  // How far the areas of two masks are apart bounds how much of them is common.
  maskAreas(tag).forEach((area, index) => {
    const got = enlarged[index]!.area;
    const ratio = Math.min(got, area) / Math.max(got, area);
    expect(ratio, `area of ${tag} ${index}`).toBeGreaterThanOrEqual(limits.mask_min_iou);
  });
  if (isStored(golden, `${tag}.masks`)) {
    const expected = await golden.masks(`${tag}.masks`);
    const pixels = original.width * original.height;
    enlarged.forEach(({ bitmap }, index) => {
      const wanted = expected.bits.subarray(index * pixels, (index + 1) * pixels);
      const overlap = intersectionOverUnion(bitmap.data, wanted);
      expect(overlap, `mask ${tag} ${index}`).toBeGreaterThanOrEqual(limits.mask_min_iou);
    });
  }
}

function twoStepPath({ size, resized }: PromptCase['frame']): UpsamplingPath {
  return { mode: 'two-step', frame: { width: size, height: size }, resized };
}

function intersectionOverUnion(a: Uint8Array, b: Uint8Array): number {
  let common = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    common += a[i]! & b[i]!;
    either += a[i]! | b[i]!;
  }
  return common / either;
}
