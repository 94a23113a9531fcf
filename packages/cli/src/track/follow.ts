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
/** Frames after the first one that the way back looks at: as many as pointers of them are looked at. */
const SEEN_FROM_BEFORE = 15;

/** A way through the video in one direction. */
interface Course {
  readonly from: number;
  readonly to?: number | undefined;
  readonly reverse: boolean;
}

/**
 * Ways through the video. The second one goes on from where the first began, with what that found on its
 * first frames: as if one track went both ways.
 */
export function coursesOf({ prompts, direction, to }: TrackRequest): readonly Course[] {
  const first = Math.min(...prompts.map(({ frame }) => frame));
  const forward: Course = { from: first, to, reverse: false };
  if (direction === 'both') {
    return first > 0 ? [forward, { from: first - 1, reverse: true }] : [forward];
  }
  return [direction === 'forward' ? forward : { from: first, reverse: true }];
}

/** How many frames there will be, if that is known. */
export function framesOf(request: TrackRequest, count: number | undefined): number | undefined {
  const lengths = coursesOf(request).map(({ from, to = Infinity, reverse }) => {
    const last = Math.min(to, (count ?? Infinity) - 1);
    return reverse ? from + 1 : last - from + 1;
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
  /** Milliseconds from one save to the next. @defaultValue 15 seconds */
  readonly betweenSaves?: number | undefined;
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
  { signal, onFrame, betweenSaves = BETWEEN_SAVES }: FollowOptions,
): Promise<void> {
  const courses = coursesOf(request);
  const { resumed } = state;
  for (let course = resumed?.course ?? 0; course < courses.length; course++) {
    const { from, to, reverse } = courses[course]!;
    const goesOn = resumed?.course === course && resumed.memory !== undefined;
    let next = goesOn ? resumed.next : from;
    const memory = goesOn ? resumed.memory : course > 0 ? state.turn : undefined;
    using track =
      memory === undefined
        ? await begin(segmenter, video, request, signal)
        : await segmenter.resume(video, memory, options(request));
    const isThereWayBack = course + 1 < courses.length;
    const keepTurn = async (): Promise<void> => {
      if (isThereWayBack && state.turn === undefined) await state.keepTurn(await track.save());
    };
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
          await onFrame(followed(tracked));
          next = tracked.frame + (reverse ? -1 : 1);
          if (next > from + SEEN_FROM_BEFORE) await keepTurn();
          if (performance.now() - saved < betweenSaves) continue;
          await state.save({ course, next }, await track.save());
          saved = performance.now();
        }
      }
      await keepTurn();
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
