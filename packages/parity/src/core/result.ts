/** What a check gives: data, for people, machines and tests alike. */

/** One official tensor, or one decision of the official code, beside ours. */
export interface StageResult {
  /** As the case names it, without the suffix that says how it is stored. */
  readonly name: string;
  /** Of the whole tensor. */
  readonly shape: readonly number[];
  /**
   * The largest absolute error among what is stored. For masks 1 - IoU of the worst one, for their
   * areas the relative difference of the worst one. `Number.MAX_VALUE` where nothing could be
   * compared; `error` then says why.
   */
  readonly maxAbs: number;
  /** The largest error relative to the official value, where that is not 0. */
  readonly maxRelative?: number;
  readonly rms?: number;
  /** The largest `maxAbs` that passes. */
  readonly limit: number;
  /** The largest `rms` that passes, where the case states one. */
  readonly rmsLimit?: number;
  readonly pass: boolean;
  /** Masks: the smallest intersection over union, and all pixels that differ. */
  readonly maskIoU?: number;
  readonly differingPixels?: number;
  /** Where it is worst: the index among the values that are stored. */
  readonly worst?: { readonly index: number; readonly got: number; readonly expected: number };
  readonly error?: string;
}

/** A tensor of the case that nothing was compared with. */
export interface NotCompared {
  readonly name: string;
  readonly reason: string;
}

export interface CaseResult {
  readonly name: string;
  readonly variant: string;
  readonly backend: string;
  /** Where the case lies. */
  readonly path: string;
  /** Every stage is within its limit, there is at least one, and nothing went wrong. */
  readonly pass: boolean;
  readonly stages: readonly StageResult[];
  /** The smallest of all masks; null where the case has none. */
  readonly maskIoU: number | null;
  readonly seconds: number;
  readonly notCompared: readonly NotCompared[];
  /** Why the case could not be run, or not to its end. */
  readonly error?: string;
  /** The files cannot be read as a case. */
  readonly unreadable?: true;
}

/** A case that is well formed, but of something that is not implemented here. */
export class UnsupportedCaseError extends Error {
  override readonly name = 'UnsupportedCaseError';
  readonly code = 'unsupported';
}

/** Files that are no case: not JSON, without their tensors, with fields of another type. */
export class UnreadableCaseError extends Error {
  override readonly name = 'UnreadableCaseError';
  readonly code = 'unreadable';
}
