import { type CompressedRle, fromCompressedRle, Mask } from '@samgpu/mask';

import type { TrackedMask } from './engine/video-engine.ts';

/** What is kept of an object on a frame: run lengths, never pixels. */
export type KeptMask = Omit<TrackedMask, 'object'>;

/** Frames, first and last included, on which an object was looked for alike. */
export interface CoverageSpan {
  readonly from: number;
  readonly to: number;
  /** Whether it was found there; otherwise it is hidden or has left. */
  readonly isVisible: boolean;
}

/** What was found of all objects, by their numbers. */
export class TrackResults {
  readonly #objects = new Map<number, Map<number, KeptMask>>();
  readonly #coverage = new Map<number, readonly CoverageSpan[]>();

  put(frame: number, masks: readonly TrackedMask[]): void {
    for (const { object, ...mask } of masks) {
      let own = this.#objects.get(object);
      if (own === undefined) this.#objects.set(object, (own = new Map()));
      own.set(frame, mask);
      this.#coverage.delete(object);
    }
  }

  delete(object: number, frame: number): void {
    this.#objects.get(object)?.delete(frame);
    this.#coverage.delete(object);
  }

  /** All that was found of an object. */
  forget(object: number): void {
    this.#objects.delete(object);
    this.#coverage.delete(object);
  }

  get(object: number, frame: number): KeptMask | undefined {
    return this.#objects.get(object)?.get(frame);
  }

  /** In no order. */
  framesOf(object: number): readonly number[] {
    return [...(this.#objects.get(object)?.keys() ?? [])];
  }

  maskOf(object: number, frame: number): Mask | undefined {
    const kept = this.get(object, frame);
    return kept && maskFrom(kept.rle, kept.score);
  }

  /** Where an object was looked for, in order. */
  coverageOf(object: number): readonly CoverageSpan[] {
    let spans = this.#coverage.get(object);
    if (spans === undefined) this.#coverage.set(object, (spans = this.#spansOf(object)));
    return spans;
  }

  /** Of run lengths, about. */
  get bytes(): number {
    let sum = 0;
    for (const own of this.#objects.values()) {
      for (const { rle } of own.values()) sum += rle.counts.length;
    }
    return sum;
  }

  #spansOf(object: number): CoverageSpan[] {
    const own = this.#objects.get(object);
    const spans: { from: number; to: number; isVisible: boolean }[] = [];
    for (const frame of this.framesOf(object).toSorted((a, b) => a - b)) {
      const { area, occluded } = own!.get(frame)!;
      const isVisible = area > 0 && !occluded;
      const last = spans.at(-1);
      if (last?.to === frame - 1 && last.isVisible === isVisible) last.to = frame;
      else spans.push({ from: frame, to: frame, isVisible });
    }
    return spans;
  }
}

export function maskFrom(rle: CompressedRle, score: number): Mask {
  return Mask.fromRle(fromCompressedRle(rle), { score });
}
