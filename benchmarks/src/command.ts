/** The command line as a user runs it: a process of its own, from start to mask on disk. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import { spreadOf, type Spread } from './statistics.ts';
import { SAMPLE_PHOTO, WORKSPACE } from './workspace.ts';

/** The Node that published packages must support, where the launcher named it. */
const NODE = process.env['SAMGPU_NODE20'] ?? process.execPath;

interface Finished {
  readonly milliseconds: number;
  readonly peakBytes: number;
}

async function segment(photo: string, x: number, y: number): Promise<Finished> {
  const output = await mkdtemp(join(tmpdir(), 'samgpu-bench-'));
  try {
    const start = performance.now();
    const peakBytes = await new Promise<number>((resolve, reject) => {
      const reportPeak =
        "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\\n`));";
      const child = spawn(
        NODE,
        [
          '--import',
          `data:text/javascript,${encodeURIComponent(reportPeak)}`,
          join(WORKSPACE, 'packages/cli/dist/main.js'),
          'segment',
          photo,
          '--point',
          `${x},${y}`,
          '--output',
          output,
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      let messages = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (messages += text));
      child.on('error', reject);
      child.on('close', (code) => {
        const peak = /peak (\d+)/.exec(messages)?.[1];
        if (code === 0 && peak !== undefined) {
          resolve(Number(peak) * 1024);
        } else {
          reject(new Error(`samgpu segment ended with ${code}: ${messages}`));
        }
      });
    });
    return { milliseconds: performance.now() - start, peakBytes };
  } finally {
    await rm(output, { recursive: true });
  }
}

export async function measureCommand(): Promise<Spread> {
  await segment(SAMPLE_PHOTO, 300, 180);
  const samples: number[] = [];
  for (let i = 0; i < 9; i++) {
    samples.push((await segment(SAMPLE_PHOTO, 300, 180)).milliseconds);
  }
  return spreadOf(samples);
}

/** 6000 x 4000 pixels, made of the sample photograph. */
export async function measureLargePhoto(): Promise<Finished> {
  const folder = await mkdtemp(join(tmpdir(), 'samgpu-bench-'));
  try {
    const photo = join(folder, 'large.jpg');
    await sharp(SAMPLE_PHOTO).resize(6000, 4000, { fit: 'fill' }).jpeg().toFile(photo);
    return await segment(photo, 3000, 1800);
  } finally {
    await rm(folder, { recursive: true });
  }
}
