import { fromCompressedRle, rleArea, type Size } from '@samgpu/mask';

import type { SessionPrompt } from '../prompts/session-prompt.ts';
import { SessionError } from '../session-error.ts';
import { finite, list, record, refuse, text, wholeNumber } from '../state/check-value.ts';
import {
  restoreCounts,
  restoreIdentity,
  restorePrompt,
  restoreSelected,
} from '../state/restore-state.ts';
import type { TrackedMask } from './engine/video-engine.ts';
import type { OpenedVideo } from './opened-video.ts';
import type { VideoSessionState } from './saved-video.ts';
import { TrackResults } from './track-results.ts';
import type { ObjectPrompts, VideoDocument, VideoObject } from './video-document.ts';
import type { FrameRange } from './video-snapshot.ts';

/** What a saved video holds, checked. */
export interface RestoredVideo {
  readonly video: VideoSessionState['video'];
  readonly document: VideoDocument;
  readonly results: TrackResults;
  readonly frame: number;
  readonly range: FrameRange;
  readonly counts: VideoSessionState['counts'];
}

/** Frames that anybody would save: a day of video. */
const MOST_FRAMES = 10_000_000;

/**
 * Checks all of it before any of it is used: it may come from a file.
 *
 * @throws SessionError `invalid-state`
 */
export function restoreVideo(value: unknown): RestoredVideo {
  const state = record(value, 'state');
  if (state['format'] !== 'samgpu-video-session' || state['version'] !== 1) {
    return refuse('format', 'wanted "samgpu-video-session", version 1');
  }
  const saved = record(state['video'], 'video');
  const video = {
    width: wholeNumber(saved['width'], 'video.width'),
    height: wholeNumber(saved['height'], 'video.height'),
    name: text(saved['name'], 'video.name'),
    count: wholeNumber(saved['count'], 'video.count', MOST_FRAMES),
  };
  if (video.width < 1 || video.height < 1 || video.count < 1) {
    return refuse('video', 'wanted at least one pixel and one frame');
  }
  const results = new TrackResults();
  const objects: VideoObject[] = [];
  const prompts = new Map<string, ObjectPrompts>();
  list(state['objects'], 'objects').forEach((one, i) => {
    const at = `objects[${i}]`;
    const object = restoreObject(one, at);
    const isTaken = objects.some(({ id, number }) => id === object.id || number === object.number);
    if (isTaken) refuse(at, 'wanted an id and a number of its own for each');
    objects.push(object);
    const own = restorePrompts(one, video, at);
    if (own.size > 0) prompts.set(object.id, own);
    restoreMasks(one, object.number, video, results, at);
  });
  const selected = restoreSelected(state, objects);
  const range = record(state['range'], 'range');
  const last = video.count - 1;
  return {
    video,
    document: { objects, selected, prompts },
    results,
    frame: wholeNumber(state['frame'], 'frame', last),
    range: {
      from: wholeNumber(range['from'], 'range.from', last),
      to: wholeNumber(range['to'], 'range.to', last),
    },
    counts: restoreCounts(state),
  };
}

function restoreObject(value: unknown, at: string): VideoObject {
  const saved = record(value, at);
  return {
    ...restoreIdentity(saved, at),
    number: wholeNumber(saved['number'], `${at}.number`),
  };
}

function restorePrompts(
  value: unknown,
  video: VideoSessionState['video'],
  at: string,
): ObjectPrompts {
  const own = new Map<number, readonly SessionPrompt[]>();
  list(record(value, at)['prompts'], `${at}.prompts`).forEach((one, i) => {
    const where = `${at}.prompts[${i}]`;
    const saved = record(one, where);
    const frame = wholeNumber(saved['frame'], `${where}.frame`, video.count - 1);
    const prompts = list(saved['prompts'], `${where}.prompts`).map((prompt, j) =>
      restorePrompt(prompt, video, `${where}.prompts[${j}]`),
    );
    if (prompts.length > 0) own.set(frame, prompts);
  });
  return own;
}

function restoreMasks(
  value: unknown,
  object: number,
  video: VideoSessionState['video'],
  results: TrackResults,
  at: string,
): void {
  list(record(value, at)['masks'], `${at}.masks`).forEach((one, i) => {
    const where = `${at}.masks[${i}]`;
    const saved = list(one, where);
    const frame = wholeNumber(saved[0], `${where}[0]`, video.count - 1);
    results.put(frame, [restoreMask(saved, object, video, where)]);
  });
}

function restoreMask(
  [, counts, , score, objectScore, occluded]: readonly unknown[],
  object: number,
  { width, height }: Size,
  at: string,
): TrackedMask {
  const rle = { size: [height, width] as const, counts: text(counts, `${at}[1]`) };
  let area: number;
  try {
    area = rleArea(fromCompressedRle(rle));
  } catch (error) {
    return refuse(`${at}[1]`, error instanceof Error ? error.message : String(error));
  }
  return {
    object,
    rle,
    area,
    score: finite(score, `${at}[3]`),
    objectScore: finite(objectScore, `${at}[4]`),
    occluded: occluded === 1,
  };
}

/** Whether a video is the one of a saved state. @throws SessionError `invalid-state` */
export function expectLike(
  { width, height, first }: OpenedVideo,
  saved: VideoSessionState['video'] | null,
): void {
  if (saved === null) return;
  // What files say of their length is sure only after they were read.
  const count = first.count ?? saved.count;
  if (saved.width === width && saved.height === height && saved.count === count) return;
  throw new SessionError(
    'invalid-state',
    `a video of ${width}x${height} with ${count} frames for work on one of ${saved.width}x${saved.height} ` +
      `with ${saved.count}; open the one that it was saved with`,
  );
}
