import { Ffmpeg, outputOf } from './ffmpeg.ts';
import {
  decodingArguments,
  type EachFrameOnce,
  inputFile,
  shownAt,
  undecodable,
} from './video-decoder.ts';
import { VideoError } from './video-error.ts';

/** From so many frames on a model does not ask how many there are. */
const LONG = 16;

/** Frames of a clip if they are few, else undefined. @throws VideoError `undecodable`, `no-frames` */
export async function countFew(
  path: string,
  once: EachFrameOnce,
  signal?: AbortSignal,
): Promise<number | undefined> {
  signal?.throwIfAborted();
  let count = 0;
  const args = [
    ...decodingArguments(path, once, { skip: 0 }),
    '-frames:v',
    String(LONG + 1),
    '-f',
    'null',
    '-',
  ];
  const ffmpeg = new Ffmpeg('ffmpeg', args, (line) => {
    if (shownAt(line) !== undefined) count += 1;
  });
  const stop = (): void => ffmpeg.kill();
  signal?.addEventListener('abort', stop);
  try {
    ffmpeg.stdout.resume();
    await ffmpeg.ended((complaints) => explain(path, complaints));
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  signal?.throwIfAborted();
  if (count === 0) throw explain(path, 'it gives no frame');
  return count <= LONG ? count : undefined;
}

function explain(path: string, complaints: string): VideoError {
  return /matches no streams/.test(complaints)
    ? new VideoError('no-frames', `${path} has no video track, only sound or subtitles.`)
    : undecodable(path, complaints);
}

/** What the header of a file says. */
export interface VideoFacts {
  readonly frameRate: number | undefined;
  /** About. */
  readonly frames: number | undefined;
}

interface Probed {
  readonly streams?: readonly {
    readonly avg_frame_rate?: string;
    readonly nb_frames?: string;
    readonly duration?: string;
  }[];
  readonly format?: { readonly duration?: string };
}

/** What the header says, by ffprobe; nothing where that is not installed. */
export async function probeVideo(path: string, signal?: AbortSignal): Promise<VideoFacts> {
  const entries = 'stream=avg_frame_rate,nb_frames,duration:format=duration';
  const args = ['-v', 'error', '-select_streams', 'V:0', '-show_entries', entries, '-of', 'json'];
  try {
    const explainAway = (why: string): VideoError => undecodable(path, why);
    const text = await outputOf('ffprobe', [...args, ...inputFile(path)], explainAway, signal);
    const { streams: [stream] = [], format } = JSON.parse(text) as Probed;
    const [frames, seconds] = (stream?.avg_frame_rate ?? '').split('/').map(Number);
    const frameRate = positive((frames ?? NaN) / (seconds ?? NaN));
    const duration = positive(Number(stream?.duration ?? format?.duration));
    const estimate =
      frameRate === undefined || duration === undefined
        ? undefined
        : Math.max(1, Math.round(frameRate * duration));
    return { frameRate, frames: positive(Number(stream?.nb_frames)) ?? estimate };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof VideoError || error instanceof SyntaxError) {
      return { frameRate: undefined, frames: undefined };
    }
    throw error;
  }
}

function positive(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
