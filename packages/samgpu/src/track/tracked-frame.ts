import { type Logits, Mask, type Size, upsampleLogits } from '@samgpu/mask';

import { suppressOverlaps } from './suppress-overlaps.ts';
import type { ObjectOutput } from './tracker.ts';

/** An object on a frame. */
export interface TrackedObject {
  readonly object: number;
  /** At the size of the frame; empty where the object is occluded. */
  readonly mask: Mask;
  /** The model's own estimate of the mask's quality, 0 to 1. */
  readonly score: number;
  /** How sure the model is that the object is on the frame at all: above 0 if it is. */
  readonly objectScore: number;
  /** Whether the object is hidden, or has left the frame. */
  readonly occluded: boolean;
}

/** A frame and the objects that something is known of. */
export interface TrackedFrame {
  readonly frame: number;
  readonly objects: readonly TrackedObject[];
}

const DIRECT = { mode: 'bilinear-direct' } as const;

/** @param overlapping - whether objects may share pixels; if not, each goes to the surest one */
export function trackedFrame(
  frame: number,
  outputs: readonly ObjectOutput[],
  size: Size,
  overlapping: boolean,
): TrackedFrame {
  const known = outputs.flatMap(({ object, output }) =>
    output === undefined ? [] : [{ object, output }],
  );
  const logits = known.map(({ output }): Logits => {
    const side = Math.sqrt(output.logits.length);
    return { width: side, height: side, data: output.logits };
  });
  const shown = overlapping ? logits : apart(logits, size);
  return {
    frame,
    objects: known.map(({ object, output }, index) => {
      const { score, objectScore } = output;
      const mask = Mask.fromLogits(shown[index]!, { size, path: DIRECT, score });
      return { object, mask, score, objectScore, occluded: objectScore <= 0 };
    }),
  };
}

/** Overlaps are decided where masks are seen, at the size of the frame. */
function apart(logits: readonly Logits[], size: Size): Logits[] {
  const large = logits.map(
    (own) => upsampleLogits(own, size, DIRECT, { returnLogits: true }).logits!,
  );
  suppressOverlaps(large.map(({ data }) => data));
  return large;
}
