import { type Rle, rleIou } from 'samgpu';

/** How much masks of one set of weights are those of another. */
export interface MaskAgreement {
  /** Masks that were compared. */
  readonly masks: number;
  /** Intersection over union, over all masks. */
  readonly meanIou: number;
  readonly smallestIou: number;
}

/** The same on a picture of the user's. */
export interface MeasuredAgreement extends MaskAgreement {
  readonly picture: string;
  readonly prompts: number;
}

/** Collects comparisons of masks. */
export class AgreementTally {
  readonly #ious: number[] = [];

  /**
   * Compares what two sets of weights answered to one prompt.
   *
   * Alternatives are ordered by score, and scores that are close may change places; so each mask is
   * compared with its like, in the way that makes the sum largest.
   */
  add(expected: readonly Rle[], got: readonly Rle[]): void {
    const ious = expected.map((one) => got.map((other) => iou(one, other)));
    this.#ious.push(...bestPairs(ious));
  }

  result(): MaskAgreement {
    const sum = this.#ious.reduce((total, value) => total + value, 0);
    return {
      masks: this.#ious.length,
      meanIou: sum / this.#ious.length,
      smallestIou: Math.min(...this.#ious),
    };
  }
}

/** Two masks of nothing are equal. */
function iou(first: Rle, second: Rle): number {
  const isEmpty = ({ counts }: Rle): boolean =>
    counts.every((count, i) => i % 2 === 0 || count === 0);
  return isEmpty(first) && isEmpty(second) ? 1 : rleIou(first, second);
}

/** One column for each row, all different, so that the sum is largest. There are four of them at most. */
function bestPairs(table: readonly (readonly number[])[]): number[] {
  const [row, ...rest] = table;
  if (row === undefined) return [];
  let best: number[] = [];
  for (const [column, value] of row.entries()) {
    const others = bestPairs(rest.map((values) => values.toSpliced(column, 1)));
    if (best.length === 0 || sumOf(others) + value > sumOf(best)) best = [value, ...others];
  }
  return best;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
