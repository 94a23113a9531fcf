import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { type ImageInput, openVideo, type Segmenter, type Video, VideoError } from 'samgpu';

import { type ExitCode, exitCodes } from '../exit-code.ts';
import { OutputFolder } from '../outputs/output-folder.ts';
import { requireReadable } from '../prompts/require-readable.ts';
import { loadSegmenter } from '../segment/load-segmenter.ts';
import { onExit, onInterrupt } from '../terminal/on-exit.ts';
import { finishTrack } from './finish-track.ts';
import { follow, framesOf } from './follow.ts';
import { FrameFiles } from './frame-files.ts';
import { type FrameNames, frameNames } from './frame-names.ts';
import type { TrackedFrameResult } from './frame-record.ts';
import { requireFfmpeg } from './overlay-video.ts';
import { TrackReport } from './track-report.ts';
import type { TrackRequest } from './track-request.ts';
import { TrackState } from './track-state.ts';

/** What tests do otherwise. */
export interface TrackSettings {
  /** In place of loading what the request names. */
  readonly load?: typeof loadSegmenter;
  /** See `FollowOptions`. */
  readonly betweenSaves?: number;
}

/** `samgpu track` */
export async function runTrack(
  request: TrackRequest,
  { load = loadSegmenter, betweenSaves }: TrackSettings = {},
): Promise<ExitCode> {
  for (const { maskFile } of request.prompts) {
    if (maskFile !== undefined) await requireReadable(maskFile);
  }
  if (request.video !== undefined) await requireFfmpeg();
  using video = await openVideo(request.input);
  const { input, output } = request;
  const images = video.names?.map((name) => join(input, name)) ?? [input];
  const folder = await OutputFolder.open(output, images);
  const release = onExit(() => folder.close());
  let state: TrackState | undefined;
  try {
    using segmenter = await load(request);
    const place = join(output, `.${request.stem}.samgpu-track`);
    state = await TrackState.open(place, await identityOf(request, video), request.restart);
    return await work({ segmenter, video, request, folder, state, betweenSaves });
  } finally {
    await state?.close();
    folder.close();
    release();
  }
}

interface Work {
  readonly segmenter: Segmenter;
  readonly video: Video;
  readonly request: TrackRequest;
  readonly folder: OutputFolder;
  readonly state: TrackState;
  readonly betweenSaves: number | undefined;
}

async function work(parts: Work): Promise<ExitCode> {
  const { video, request, folder, state } = parts;
  const { log } = state;
  const report = new TrackReport(
    request,
    framesOf(request, video.expectedCount),
    log.frames.length,
  );
  const names = frameNames(video, request.stem);
  const releaseReport = onExit(() => report.close());
  const interruption = new AbortController();
  const release = onInterrupt(() => interruption.abort());
  try {
    await followAll(parts, names, report, interruption.signal);
    release();
    const written = await finishTrack({ video, request, folder, log, names, report });
    report.sum(log.frames.length, written);
    await state.remove();
    return exitCodes.success;
  } catch (error) {
    report.close();
    if (log.frames.length === 0) {
      await state.remove();
      if (!interruption.signal.aborted) throw error;
    }
    return interruption.signal.aborted
      ? report.interrupted(log.frames.length)
      : report.failed(error);
  } finally {
    release();
    releaseReport();
    report.close();
  }
}

async function followAll(
  { segmenter, video, request, folder, state, betweenSaves }: Work,
  names: FrameNames,
  report: TrackReport,
  signal: AbortSignal,
): Promise<void> {
  const files = new FrameFiles(folder, request, (frame) => names.plain(frame));
  await follow(segmenter, video, request, state, {
    signal,
    betweenSaves,
    async onFrame({ frame, width, height, objects }) {
      const own = await files.write(frame, objects, { width, height }, () =>
        readFrame(video, frame),
      );
      const file = video.names?.[frame];
      const result: TrackedFrameResult = {
        frame,
        ...(file !== undefined && { file }),
        width,
        height,
        objects,
        files: own,
      };
      await state.log.add(result);
      report.add(result);
    },
  });
}

async function readFrame(video: Video, frame: number): Promise<ImageInput> {
  const image = await video.read(frame);
  if (image === undefined) {
    throw new VideoError('unreadable', `Frame ${frame} is there no more.`);
  }
  return image;
}

/** What tells one request from another: a state belongs to one. */
async function identityOf(request: TrackRequest, video: Video): Promise<string> {
  const {
    json: _json,
    restart: _restart,
    threads: _threads,
    backend: _backend,
    ...asked
  } = request;
  const { size, mtimeMs } = await stat(request.input);
  const content = video.names ?? [size, mtimeMs];
  const described = { ...asked, input: resolve(request.input), content };
  return createHash('sha256').update(JSON.stringify(described)).digest('hex');
}
