import type { Bitmap } from '@samgpu/mask';

import type { StageResult } from './result.ts';

interface MaskStage {
  readonly name: string;
  readonly shape: readonly number[];
  /** The smallest intersection over union that passes. */
  readonly minimumIoU: number;
}

/** Masks beside the official ones, `[masks, height * width]` of 0 and 1. */
export function comparedMasks(
  { name, shape, minimumIoU }: MaskStage,
  masks: readonly Bitmap[],
  official: Uint8Array,
): StageResult {
  const pixels = masks[0]?.data.length ?? 0;
  const limit = 1 - minimumIoU;
  if (official.length !== pixels * masks.length) {
    const error = `${masks.length} masks of ${pixels} pixels, the case has ${official.length} pixels`;
    return { name, shape, maxAbs: Number.MAX_VALUE, limit, pass: false, error };
  }
  let maskIoU = 1;
  let differingPixels = 0;
  masks.forEach(({ data }, index) => {
    const wanted = official.subarray(index * pixels, (index + 1) * pixels);
    let [common, either] = [0, 0];
    for (let i = 0; i < pixels; i++) {
      common += data[i]! & wanted[i]!;
      either += data[i]! | wanted[i]!;
    }
    differingPixels += either - common;
    maskIoU = Math.min(maskIoU, either === 0 ? 1 : common / either);
  });
  return {
    name,
    shape,
    maxAbs: 1 - maskIoU,
    limit,
    pass: maskIoU >= minimumIoU,
    maskIoU,
    differingPixels,
  };
}

/** Areas beside the official ones: how far two are apart bounds how much the masks have in common. */
export function comparedAreas(
  name: string,
  areas: readonly number[],
  official: readonly number[],
  minimumIoU: number,
): StageResult {
  const ratios = official.map((area, index) => {
    const got = areas[index] ?? NaN;
    return got === area ? 1 : Math.min(got, area) / Math.max(got, area);
  });
  const ratio = Math.min(1, ...ratios);
  const fits = areas.length === official.length;
  const worst = ratios.indexOf(ratio);
  return {
    name,
    shape: [official.length],
    maxAbs: fits ? 1 - ratio : Number.MAX_VALUE,
    limit: 1 - minimumIoU,
    pass: fits && ratio >= minimumIoU,
    ...(worst >= 0 && {
      worst: { index: worst, got: areas[worst] ?? NaN, expected: official[worst]! },
    }),
    ...(!fits && { error: `${areas.length} masks, the case has ${official.length}` }),
  };
}

/**
 * Masks of a case that states how many of their pixels are near the threshold: those may come out
 * either way.
 *
 * @param allowed - pixels that may differ
 */
export function comparedBits(
  name: string,
  shape: readonly number[],
  masks: readonly Bitmap[],
  official: Uint8Array,
  allowed: number,
): StageResult {
  const { error, differingPixels, ...result } = comparedMasks(
    { name, shape, minimumIoU: 0 },
    masks,
    official,
  );
  if (differingPixels === undefined) {
    return { ...result, limit: allowed, pass: false, ...(error !== undefined && { error }) };
  }
  const pass = differingPixels <= allowed;
  return { ...result, differingPixels, maxAbs: differingPixels, limit: allowed, pass };
}
