import type {
  PropagateOptions,
  Segmenter,
  Size,
  Track,
  TrackedFrame,
  TrackOptions,
  Video,
} from 'samgpu';

import type { DescribedPrompt } from '../arguments/track-prompt-collector.ts';
import { readPromptMask } from '../prompts/read-prompt-mask.ts';
import type { TrackedMask } from './frame-record.ts';
import type { TrackRequest } from './track-request.ts';
import type { TrackState } from './track-state.ts';

/** Frames that are looked back at are at most so far away. */
const KEPT = 16;
/** Milliseconds of work that a crash may cost. */
const BETWEEN_SAVES = 15_000;

/** A way through the video in one direction. */
interface Course {
  readonly from: number;
  readonly to?: number | undefined;
  readonly reverse: boolean;
  /** A frame that belongs to another course. */
  readonly without?: number;
}

/** Ways through the video, one after the other. Each begins with what the user said. */
export function coursesOf({ prompts, direction, to }: TrackRequest): readonly Course[] {
  const first = Math.min(...prompts.map(({ frame }) => frame));
  const forward: Course = { from: first, to, reverse: false };
  const backward: Course = { from: first, reverse: true };
  if (direction === 'both') {
    return first > 0 ? [forward, { ...backward, without: first }] : [forward];
  }
  return [direction === 'forward' ? forward : backward];
}

/** How many frames there will be, if that is known. */
export function framesOf(request: TrackRequest, count: number | undefined): number | undefined {
  const lengths = coursesOf(request).map(({ from, to = Infinity, reverse, without }) => {
    const last = Math.min(to, (count ?? Infinity) - 1);
    return (reverse ? from + 1 : last - from + 1) - (without === undefined ? 0 : 1);
  });
  const sum = lengths.reduce((total, length) => total + Math.max(length, 0), 0);
  return Number.isFinite(sum) ? sum : undefined;
}

/** A frame with all that is known of it, before anything is written. */
export interface FollowedFrame extends Size {
  readonly frame: number;
  readonly objects: readonly TrackedMask[];
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Told each frame, in the order of the work; what it does with it is done before the next one. */
  readonly onFrame: (frame: FollowedFrame) => Promise<void>;
}

/**
 * Tracks a video from where its state is, and has the state follow.
 *
 * Whatever ends it, the state is that of the last frame that was handed over.
 *
 * @throws TrackError, PromptError, VideoError or ImageError, and the signal's reason
 */
export async function follow(
  segmenter: Segmenter,
  video: Video,
  request: TrackRequest,
  state: TrackState,
  { signal, onFrame }: FollowOptions,
): Promise<void> {
  const courses = coursesOf(request);
  const { resumed } = state;
  for (let course = resumed?.course ?? 0; course < courses.length; course++) {
    const { from, to, reverse, without } = courses[course]!;
    const goesOn = resumed?.course === course && resumed.memory !== undefined;
    let next = goesOn ? resumed.next : from;
    using track = goesOn
      ? await segmenter.resume(video, resumed.memory, options(request))
      : await begin(segmenter, video, request, signal);
    let saved = performance.now();
    try {
      const where: PropagateOptions = {
        from: next,
        reverse,
        signal,
        ...(to !== undefined && { to }),
      };
      if (!isPast(next, where, video)) {
        for await (const tracked of track.propagate(where)) {
          if (tracked.frame !== without) await onFrame(followed(tracked));
          next = tracked.frame + (reverse ? -1 : 1);
          if (performance.now() - saved < BETWEEN_SAVES) continue;
          await state.save({ course, next }, await track.save());
          saved = performance.now();
        }
      }
      await state.save({ course: course + 1, next: 0 }, undefined);
    } catch (error) {
      if (next !== from) await state.save({ course, next }, await track.save());
      throw error;
    }
  }
}

/** Whether a course that was interrupted had come to its end. */
function isPast(
  next: number,
  { to = Infinity, reverse = false }: PropagateOptions,
  video: Video,
): boolean {
  return reverse ? next < 0 : next > to || next >= (video.count ?? Infinity);
}

function options({ overlapping, maxPixels }: TrackRequest): TrackOptions {
  return { overlapping, keep: KEPT, ...(maxPixels !== undefined && { maxPixels }) };
}

/** A track that knows all prompts. */
async function begin(
  segmenter: Segmenter,
  video: Video,
  request: TrackRequest,
  signal: AbortSignal,
): Promise<Track> {
  const track = await segmenter.track(video, options(request));
  try {
    for (const prompt of request.prompts) await add(track, prompt, signal);
    return track;
  } catch (error) {
    track.dispose();
    throw error;
  }
}

async function add(
  track: Track,
  { frame, object, points, box, maskFile }: DescribedPrompt,
  signal: AbortSignal,
): Promise<void> {
  const mask = maskFile === undefined ? undefined : await readPromptMask(maskFile);
  await track.add(
    {
      frame,
      object,
      ...(points.length > 0 && { points }),
      ...(box !== undefined && { box }),
      ...(mask !== undefined && { mask }),
    },
    { signal },
  );
}

function followed({ frame, objects }: TrackedFrame): FollowedFrame {
  const [first] = objects;
  const { width, height } = first!.mask;
  return {
    frame,
    width,
    height,
    objects: objects.map(({ object, mask, score, objectScore, occluded }) => ({
      object,
      score,
      objectScore,
      occluded,
      bounds: mask.bounds,
      area: mask.area,
      rle: mask.toRle({ compressed: true }),
    })),
  };
}
