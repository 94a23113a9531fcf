import { compare, type Golden, MismatchError, type ParityCase } from '@samgpu/testing';

import type { NotCompared, StageResult } from './result.ts';

/** Largest errors that pass. */
export interface Limit {
  readonly maxAbs: number;
  readonly rms?: number;
}

/** What has been compared of a case. */
export class StageList {
  readonly #case: ParityCase | undefined;
  readonly #stages: StageResult[] = [];
  readonly #reasons = new Map<string, string>();
  readonly #seen = new Set<string>();

  /** @param parityCase - none for cases that are no folder of tensors */
  constructor(parityCase?: ParityCase) {
    this.#case = parityCase;
  }

  get stages(): readonly StageResult[] {
    return this.#stages;
  }

  /** The smallest of all masks; null without any. */
  get maskIoU(): number | null {
    const all = this.#stages.flatMap(({ maskIoU }) => (maskIoU === undefined ? [] : [maskIoU]));
    return all.length === 0 ? null : Math.min(...all);
  }

  add(stage: StageResult): void {
    this.#stages.push(stage);
    this.#seen.add(stage.name);
  }

  /** A comparison that could not be made, and so has failed. */
  fail(name: string, error: string, limit = 0, shape: readonly number[] = []): void {
    this.add({ name, shape, maxAbs: Number.MAX_VALUE, limit, pass: false, error });
  }

  /** Says why a tensor of the case is not compared. */
  leaveOut(name: string, reason: string): void {
    this.#reasons.set(name, reason);
  }

  /**
   * Compares a whole tensor in the official layout with what is stored of it. Does nothing where the
   * case does not hold it.
   *
   * @param limit - by default the one that the case states for this tensor
   * @param inside - 1 for values that count, where some do not
   */
  async compare(
    name: string,
    whole: ArrayLike<number>,
    limit?: Limit,
    { inside, as = name }: { readonly inside?: ArrayLike<number>; readonly as?: string } = {},
  ): Promise<void> {
    if (!this.#parityCase.has(name)) {
      return;
    }
    this.#seen.add(name);
    try {
      const golden = await this.#parityCase.golden(name);
      const allowed = limit ?? statedLimit(golden);
      if (allowed === undefined) {
        this.fail(as, 'the case states no limit for it', 0, golden.shape);
        return;
      }
      const actual = golden.select(Float32Array.from(whole));
      const counts = inside && golden.select(Float32Array.from(inside));
      const kept = (values: Float32Array): Float32Array =>
        counts === undefined ? values : values.filter((_, index) => counts[index] === 1);
      this.add(
        compared(as, golden.shape, kept(actual), kept(golden.values), allowed, golden.isHalf),
      );
    } catch (error) {
      this.fail(as, messageOf(error), limit?.maxAbs);
    }
  }

  /** What was left out, and why. */
  get reasons(): NotCompared[] {
    return Array.from(this.#reasons, ([name, reason]) => ({ name, reason }));
  }

  /** Tensors that the case holds and nothing was compared with. */
  notCompared(otherwise: string): NotCompared[] {
    return (this.#case?.names ?? []).flatMap((stored) => {
      const name = withoutSuffix(stored);
      return this.#seen.has(name) ? [] : [{ name, reason: this.#reasons.get(name) ?? otherwise }];
    });
  }

  get #parityCase(): ParityCase {
    if (this.#case === undefined) {
      throw new TypeError('these stages belong to no folder of tensors');
    }
    return this.#case;
  }
}

// 2^-11: what rounding to float16 changes of a value.
const HALF_STEP = 2 ** -11;

/** Of fewer values an average says nothing, and that one was met closely is luck. */
const FEW_VALUES = 8;
/** What cases that state limits for whole groups of tensors allow at least. */
const FLOOR = 1e-5;

/** The limit that a case states for a tensor by itself. */
function statedLimit({ limit, values }: Golden): Limit | undefined {
  return limit !== undefined && values.length < FEW_VALUES
    ? { maxAbs: Math.max(limit.maxAbs, FLOOR) }
    : limit;
}

/** Two lists of the same values as a stage. */
export function compared(
  name: string,
  shape: readonly number[],
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  limit: Limit,
  isHalf = false,
): StageResult {
  try {
    const { maxAbsError, maxRelativeError, rmsError, worstIndex } = compare(actual, expected);
    const rounding = isHalf ? HALF_STEP * largest(expected) : 0;
    const within = isHalf
      ? everyWithin(actual, expected, limit.maxAbs)
      : maxAbsError <= limit.maxAbs;
    const rmsLimit = limit.rms === undefined ? undefined : limit.rms + rounding;
    return {
      name,
      shape,
      maxAbs: maxAbsError,
      maxRelative: Number.isFinite(maxRelativeError) ? maxRelativeError : Number.MAX_VALUE,
      rms: rmsError,
      limit: limit.maxAbs + rounding,
      ...(rmsLimit !== undefined && { rmsLimit }),
      pass: within && rmsError <= (rmsLimit ?? Infinity),
      ...(worstIndex >= 0 && {
        worst: {
          index: worstIndex,
          got: Number(actual[worstIndex]),
          expected: Number(expected[worstIndex]),
        },
      }),
    };
  } catch (error) {
    if (!(error instanceof MismatchError)) {
      throw error;
    }
    const maxAbs = Number.MAX_VALUE;
    return { name, shape, maxAbs, limit: limit.maxAbs, pass: false, error: error.message };
  }
}

function everyWithin(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  limit: number,
): boolean {
  return Array.from(
    { length: expected.length },
    (_, i) => Math.abs(actual[i]! - expected[i]!) <= limit + HALF_STEP * Math.abs(expected[i]!),
  ).every(Boolean);
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    most = Math.max(most, Math.abs(values[i]!));
  }
  return most;
}

/** How a tensor is called, however it is stored. */
export function withoutSuffix(stored: string): string {
  return stored.replace(/[._](?:sample|f16)$/, '');
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
