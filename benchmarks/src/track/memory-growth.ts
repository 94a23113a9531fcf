/** What an endless video needs of memory, early and late. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { Segmenter } from 'samgpu';

import { spreadOf } from '../statistics.ts';
import { addObjects, endlessClip } from './tracked-clip.ts';

export const EARLY = 50;
export const LATE = 500;

/** Frames around those that are looked at: a process does not give memory back at once. */
const AROUND = 10;

export interface MemoryGrowth {
  /** Of all that is remembered, on frames {@link EARLY} and {@link LATE}. */
  readonly track: readonly [early: number, late: number];
  /** Of the process, the medians around these frames. */
  readonly process: readonly [early: number, late: number];
}

/** Tracks two objects for {@link LATE} frames and a few more. */
export async function measureMemory(segmenter: Segmenter): Promise<MemoryGrowth> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  using track = await segmenter.track(endlessClip());
  await addObjects(track, 2);
  const remembered: number[] = [];
  const resident: number[] = [];
  for await (const { frame } of track.propagate({ to: LATE + AROUND })) {
    remembered[frame] = track.bytes;
    if ([EARLY, LATE].some((middle) => Math.abs(frame - middle) <= AROUND)) {
      collectGarbage();
      resident[frame] = process.memoryUsage.rss();
    }
  }
  const around = (frame: number): number =>
    spreadOf(resident.slice(frame - AROUND, frame + AROUND + 1)).median;
  return {
    track: [remembered[EARLY]!, remembered[LATE]!],
    process: [around(EARLY), around(LATE)],
  };
}
