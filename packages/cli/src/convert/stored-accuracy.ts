import { readFileSync } from 'node:fs';

import type { TargetDtype } from '@samgpu/weights';

import type { MaskAgreement } from './mask-agreement.ts';

/** How masks of converted weights agree with those of the weights in f32, as it was measured for this release. */
export interface MeasuredAccuracy extends MaskAgreement {
  /** The pictures. */
  readonly on: readonly string[];
  /** `formula`: pseudorandom numbers in place of trained weights, which makes masks of noise. */
  readonly weights: 'formula' | 'trained';
}

/** By model, then by dtype. */
export type AccuracyTable = Readonly<
  Record<string, Readonly<Partial<Record<TargetDtype, MeasuredAccuracy>>>>
>;

export const accuracyFile: URL = new URL('../../assets/conversion-accuracy.json', import.meta.url);

export function readAccuracyTable(): AccuracyTable {
  return JSON.parse(readFileSync(accuracyFile, 'utf8')) as AccuracyTable;
}
