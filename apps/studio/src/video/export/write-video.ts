import {
  cocoTracks,
  encodeGreyPng,
  encodeLabelPng,
  encodePng,
  fileNames,
  motsTracks,
  writeZip,
  type ZipFile,
} from '@samgpu/document';
import { decodeRle, fromCompressedRle } from '@samgpu/mask';
import type { VideoSession } from '@samgpu/session';
import { openVideo, type Video } from 'samgpu';

import { USUAL_RATE } from '../player.ts';
import type { VideoFile } from '../video-file.ts';
import { drawExportFrame } from './draw-frame.ts';
import type { VideoExport } from './export-formats.ts';
import { canWriteFilm, FilmWriter } from './film-writer.ts';
import { sessionTracks } from './session-tracks.ts';

export interface WriteOptions {
  readonly signal: AbortSignal;
  /** @param done - frames */
  readonly onProgress: (done: number, total: number) => void;
}

export interface WrittenVideo {
  readonly blob: Blob;
  readonly name: string;
}

/** Writes what was found in a video. */
export async function writeVideo(
  session: VideoSession,
  file: VideoFile,
  wanted: VideoExport,
  options: WriteOptions,
): Promise<WrittenVideo> {
  const { format } = wanted;
  const [stem] = fileNames([file.name.replace(/\.[A-Za-z0-9]{1,5}$/, '')]) as [string];
  switch (format) {
    case 'coco':
    case 'mots': {
      const blob = await writeList(session, file, wanted, options);
      return { blob, name: `${stem}.${format === 'coco' ? 'coco.json' : 'mots.txt'}` };
    }
    case 'masks':
    case 'labels': {
      const blob = await writeMasks(session, wanted, options);
      return { blob, name: `${stem}.${format}.zip` };
    }
    default: {
      const { blob, ending } = await writeFrames(session, file, wanted, options);
      return { blob, name: `${stem}.${format}.${ending}` };
    }
  }
}

async function writeList(
  session: VideoSession,
  file: VideoFile,
  wanted: VideoExport,
  { signal, onProgress }: WriteOptions,
): Promise<Blob> {
  const tracks = sessionTracks(session, wanted);
  const { video, objects } = session.snapshot;
  const names = video?.names;
  const total = tracks.frames.length;
  const told = {
    ...tracks,
    read: (frame: number) => {
      signal.throwIfAborted();
      onProgress(frame - wanted.from + 1, total);
      return tracks.read(frame);
    },
  };
  const isCoco = wanted.format === 'coco';
  const pieces: string[] = [];
  const text = isCoco
    ? cocoTracks(told, {
        fileOf: (frame) => names?.[frame] ?? `${frameName(frame)}.png`,
        video: {
          name: file.name,
          objects: new Map(
            objects
              .filter(({ id }) => wanted.objects.includes(id))
              .map(({ number, name }) => [number, name]),
          ),
        },
      })
    : motsTracks(told);
  for await (const piece of text) pieces.push(piece);
  return new Blob(pieces, { type: isCoco ? 'application/json' : 'text/plain' });
}

async function writeMasks(
  session: VideoSession,
  wanted: VideoExport,
  { signal, onProgress }: WriteOptions,
): Promise<Blob> {
  const tracks = sessionTracks(session, wanted);
  const { objects } = session.snapshot;
  const folders = new Map(
    fileNames(objects.map(({ name }) => name)).map((name, i) => [objects[i]!.number, name]),
  );
  const files: ZipFile[] = [];
  for (const [done, frame] of tracks.frames.entries()) {
    signal.throwIfAborted();
    const read = await tracks.read(frame);
    const name = `${frameName(frame)}.png`;
    if (wanted.format === 'labels') {
      files.push({ name, content: await encodeLabelPng(read), stored: true });
    } else {
      for (const { object, rle } of read.objects) {
        const { data } = decodeRle(fromCompressedRle(rle));
        const grey = data.map((inside) => (inside === 0 ? 0 : 255));
        const content = await encodeGreyPng(grey, read);
        files.push({ name: `${folders.get(object)!}/${name}`, content, stored: true });
      }
    }
    onProgress(done + 1, tracks.frames.length);
  }
  return writeZip(files, 'application/zip');
}

async function writeFrames(
  session: VideoSession,
  { input }: VideoFile,
  wanted: VideoExport,
  { signal, onProgress }: WriteOptions,
): Promise<{ readonly blob: Blob; readonly ending: string }> {
  const { from, to, asPictures } = wanted;
  const { width, height, frameRate = USUAL_RATE } = session.snapshot.video!;
  const film = { width, height, frameRate, isTransparent: isTransparent(wanted) };
  using video = await openVideo(input, { signal });
  const writer =
    asPictures || !(await canWriteFilm(film))
      ? undefined
      : await FilmWriter.open(film, input instanceof Blob ? input : undefined);
  const clock = new FrameClock(video, frameRate);
  const pictures: ZipFile[] = [];
  try {
    let frame = from;
    for (; frame <= to; frame++) {
      signal.throwIfAborted();
      const image = await video.read(frame, signal);
      if (image === undefined) break;
      const drawn = await drawExportFrame(session, frame, image, wanted, signal);
      if (writer) await writer.add(drawn, clock.timeOf(frame));
      else {
        const content = await encodePng(drawn);
        pictures.push({ name: `${frameName(frame)}.png`, content, stored: true });
      }
      onProgress(frame - from + 1, to - from + 1);
    }
    if (writer) {
      // The frame after the last one tells how long that is shown.
      await video.read(frame, signal);
      return { blob: await writer.finish(clock.timeOf(frame)), ending: 'webm' };
    }
    return { blob: await writeZip(pictures, 'application/zip'), ending: 'zip' };
  } catch (error) {
    await writer?.cancel();
    throw error;
  }
}

/** When frames are shown: as the video has it, and evenly where that does not tell. */
class FrameClock {
  readonly #video: Pick<Video, 'timeOf'>;
  readonly #frameRate: number;
  #last = { frame: -1, time: -Infinity };

  constructor(video: Pick<Video, 'timeOf'>, frameRate: number) {
    this.#video = video;
    this.#frameRate = frameRate;
  }

  /** Of one frame after another, each later than the one before. */
  timeOf(frame: number): number {
    const { frame: before, time: last } = this.#last;
    const known = this.#video.timeOf?.(frame);
    const evenly = before < 0 ? frame / this.#frameRate : last + (frame - before) / this.#frameRate;
    const time = known !== undefined && known > last ? known : evenly;
    this.#last = { frame, time };
    return time;
  }
}

export function isTransparent({ format, background }: VideoExport): boolean {
  return format === 'cutout' || (format === 'background' && background.kind === 'transparent');
}

/** As DAVIS and SAM 2 name them. */
function frameName(frame: number): string {
  return String(frame).padStart(5, '0');
}
