import type { TrackReply } from './engine/video-engine.ts';
import type { OpenedVideo } from './opened-video.ts';
import type { TrackLink } from './track-link.ts';
import type { FrameRange } from './video-snapshot.ts';

export type FollowDirection = 'forward' | 'backward';

/** A way through the frames. */
export interface Leg {
  readonly direction: FollowDirection;
  /** Where it begins and where it ends, both included. */
  readonly from: number;
  readonly to: number;
}

/**
 * How all of a range is followed from a frame: to its end, and then back to its start. In reverse
 * there is nothing to do from the first frame.
 */
export function legsFrom(
  start: number,
  { from, to }: FrameRange,
  directions: readonly FollowDirection[],
): Leg[] {
  const legs: Leg[] = [];
  if (directions.includes('forward') && start <= to) {
    legs.push({ direction: 'forward', from: start, to });
  }
  if (directions.includes('backward') && start > 0 && start >= from) {
    legs.push({ direction: 'backward', from: start, to: from });
  }
  return legs;
}

export function legLength({ from, to }: Leg): number {
  return Math.abs(to - from) + 1;
}

/**
 * Follows objects along a leg.
 *
 * @returns the number of frames of the video, if it ended before the leg did
 */
export async function followLeg(
  { direction, from, to }: Leg,
  link: TrackLink,
  video: OpenedVideo,
  onReply: (reply: TrackReply) => void,
  signal: AbortSignal,
): Promise<number | undefined> {
  const reverse = direction === 'backward';
  for (let frame = from; reverse ? frame >= to : frame <= to; frame += reverse ? -1 : 1) {
    signal.throwIfAborted();
    const image = await video.find(frame, signal);
    if (image === undefined) return frame;
    const reply = await link.follow({ frame, begins: frame === from, reverse }, image, signal);
    signal.throwIfAborted();
    onReply(reply);
  }
  return undefined;
}

/** How long frames take, of late ones more than of early ones. */
export class Pace {
  #seconds: number | undefined;
  #before = performance.now();

  /** A frame is done. @returns seconds for one */
  tick(): number {
    const now = performance.now();
    const seconds = (now - this.#before) / 1000;
    this.#before = now;
    this.#seconds = this.#seconds === undefined ? seconds : 0.8 * this.#seconds + 0.2 * seconds;
    return this.#seconds;
  }
}
