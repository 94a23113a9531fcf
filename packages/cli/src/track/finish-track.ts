import { cocoTracks, motsTracks } from '@samgpu/document';
import { type RgbaImage, type Video, VideoError } from 'samgpu';

import type { OutputFolder } from '../outputs/output-folder.ts';
import { drawFrame } from './draw-frame.ts';
import type { FrameLog } from './frame-log.ts';
import type { FrameNames } from './frame-names.ts';
import { writeVideo } from './overlay-video.ts';
import type { TrackReport } from './track-report.ts';
import type { TrackRequest } from './track-request.ts';
import { writeText } from './write-text.ts';

/** Of frames that have none. */
const USUAL_RATE = 25;

interface Tracked {
  readonly video: Video;
  readonly request: TrackRequest;
  readonly folder: OutputFolder;
  readonly log: FrameLog;
  readonly names: FrameNames;
  readonly report: TrackReport;
}

/**
 * Writes what is made of all frames together.
 *
 * @returns paths
 */
export async function finishTrack(parts: Tracked): Promise<string[]> {
  const { video, request, folder, log, names, report } = parts;
  const { stem, formats } = request;
  const written: string[] = [];
  if (formats.includes('coco')) {
    written.push(
      await folder.write(`${stem}.coco.json`, (path) =>
        writeText(path, cocoTracks(log, { fileOf: (frame) => names.picture(frame) })),
      ),
    );
  }
  if (formats.includes('mots')) {
    written.push(
      await folder.write(`${stem}.mots.txt`, (path) => writeText(path, motsTracks(log))),
    );
  }
  const { video: name } = request;
  if (name !== undefined) {
    const frameRate = video.frameRate ?? USUAL_RATE;
    const pictures = drawnFrames(parts);
    report.writing(name, log.frames.length);
    written.push(await folder.write(name, (path) => writeVideo(path, name, frameRate, pictures)));
  }
  return written;
}

async function* drawnFrames({ video, request, log, report }: Tracked): AsyncGenerator<RgbaImage> {
  for (const frame of log.frames) {
    const { objects } = await log.read(frame);
    const image = await video.read(frame);
    if (image === undefined) {
      throw new VideoError('unreadable', `Frame ${frame} of ${request.input} is there no more.`);
    }
    const { drawn } = await drawFrame(image, objects, request.maxPixels);
    yield drawn;
    report.advance();
  }
}
