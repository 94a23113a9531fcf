/** How long a frame takes with one, two and four objects, once their memories are full. */
import type { Segmenter, TrackedFrame } from 'samgpu';

import { type Spread, spreadOf } from '../statistics.ts';
import { addObjects, endlessClip } from './tracked-clip.ts';

export const OBJECTS = [1, 2, 4] as const;

/** The first frame, then six until seven memories are looked at, and one with what that compiles. */
const FRAMES_BEFORE = 8;

/**
 * Logits of an object that is tracked with others beside those of the same object alone, as a share of the
 * largest: memories are rounded to 8 bits, where a value on the border may go either way.
 */
const TOLERANCE = 0.01;

/** @returns times by how many objects there are, measured in turns */
export async function measureFrames(
  segmenter: Segmenter,
  runs: number,
): Promise<ReadonlyMap<number, Spread>> {
  using tracks = new DisposableStack();
  const courses = new Map<number, AsyncGenerator<TrackedFrame>>();
  for (const count of OBJECTS) {
    const track = tracks.use(await segmenter.track(endlessClip()));
    await addObjects(track, count);
    courses.set(count, track.propagate());
  }
  const times = new Map<number, number[]>(OBJECTS.map((count) => [count, []]));
  for (let frame = 0; frame < FRAMES_BEFORE + runs; frame++) {
    const found: TrackedFrame[] = [];
    for (const [count, course] of courses) {
      const start = performance.now();
      const { value } = await course.next();
      if (frame >= FRAMES_BEFORE) {
        times.get(count)!.push(performance.now() - start);
      }
      found.push(value as TrackedFrame);
    }
    if (frame < FRAMES_BEFORE) {
      expectSameMasks(found);
    }
  }
  return new Map(Array.from(times, ([count, samples]) => [count, spreadOf(samples)]));
}

/** The first object is the same in all tracks. */
function expectSameMasks([alone, ...together]: readonly TrackedFrame[]): void {
  const { mask, occluded } = alone!.objects[0]!;
  const expected = mask.logits!.data;
  const largest = expected.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0);
  if (occluded) {
    throw new Error(`the object is not found on frame ${alone!.frame}, which compares nothing`);
  }
  for (const { frame, objects } of together) {
    const got = objects[0]!.mask.logits!.data;
    const worst = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - got[i]!)), 0);
    if (!(worst <= TOLERANCE * largest)) {
      throw new Error(
        `frame ${frame}: an object among ${objects.length} has logits that differ by ${worst} from those that it ` +
          `has alone, which reach ${largest}; wanted at most ${TOLERANCE} of it`,
      );
    }
  }
}
