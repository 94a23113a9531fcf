import type { CompressedRle, RgbColor } from '@samgpu/mask';

import type { SavedPrompt, SessionState } from '../state/session-state.ts';
import type { FrameRange } from './video-snapshot.ts';

/** A mask of a saved video: frame, run lengths, area, score, object score, 1 where it is occluded. */
export type SavedTrackedMask = readonly [
  frame: number,
  counts: CompressedRle['counts'],
  area: number,
  score: number,
  objectScore: number,
  occluded: 0 | 1,
];

export interface SavedVideoObject {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly color: RgbColor;
  readonly visible: boolean;
  readonly prompts: readonly {
    readonly frame: number;
    readonly prompts: readonly SavedPrompt[];
  }[];
  readonly masks: readonly SavedTrackedMask[];
}

/**
 * Work on a video as plain data, for `JSON.stringify`, `structuredClone` and databases. It holds neither
 * frames nor weights nor the history of undo; what a model remembered is made anew from the prompts.
 */
export interface VideoSessionState {
  readonly format: 'samgpu-video-session';
  readonly version: 1;
  readonly video: {
    readonly width: number;
    readonly height: number;
    readonly name: string;
    readonly count: number;
  };
  readonly model: SessionState['model'];
  readonly frame: number;
  readonly range: FrameRange;
  readonly objects: readonly SavedVideoObject[];
  readonly selected: string | null;
  /** How many ids were given away, and how many objects named. */
  readonly counts: { readonly ids: number; readonly objects: number };
}
