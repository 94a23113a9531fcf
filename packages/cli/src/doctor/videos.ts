import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { VideoDiagnosis } from './diagnosis.ts';

/** What videos are read and written with. */
export async function describeVideos(): Promise<VideoDiagnosis> {
  const [ffmpeg, ffprobe] = await Promise.all([versionOf('ffmpeg'), versionOf('ffprobe')]);
  return { ffmpeg, ffprobe };
}

async function versionOf(program: 'ffmpeg' | 'ffprobe'): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(program, ['-version'], { windowsHide: true });
    return /^\S+ version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
  } catch {
    return null; // It is not there, or does not run.
  }
}
