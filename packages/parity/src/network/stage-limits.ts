import type { ParityCase } from '@samgpu/testing';

import type { CaseLimits } from '../core/description.ts';
import type { Limit } from '../core/stage-list.ts';

/** What the cases allow at least: differences of fewer float32 steps mean nothing. */
export const SMALLEST_LIMIT = 1e-5;
/** Times the error that was measured between float64 and the official float32 run. */
const MARGIN = 20;

/**
 * The largest error of an encoder stage.
 *
 * By the rule that all limits of a case follow, where it has a measurement for the stage. Where it has
 * none, that of the embedding holds in proportion: errors grow with the values that they are made in.
 */
export async function stageLimit(
  parityCase: ParityCase,
  limits: CaseLimits,
  stage: string,
  tensor: string,
): Promise<Limit> {
  const measured = limits.stages.get(stage);
  if (measured !== undefined) {
    return { maxAbs: Math.max(SMALLEST_LIMIT, MARGIN * measured) };
  }
  const spread = (await spreadOf(parityCase, tensor)) ?? 1;
  const reference = (await spreadOf(parityCase, 'embedding')) ?? 1;
  return { maxAbs: Math.max(SMALLEST_LIMIT, (limits.embedding * spread) / reference) };
}

async function spreadOf(parityCase: ParityCase, tensor: string): Promise<number | undefined> {
  if (!parityCase.has(tensor)) {
    return undefined;
  }
  const { stats } = await parityCase.golden(tensor);
  return stats && stats.std > 0 ? stats.std : undefined;
}
