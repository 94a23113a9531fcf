// What takes long of `samgpu track` with a small SAM 2: killed runs, and a long clip.
import { spawnSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { encodeClip } from '../../../samgpu/src/frames/fixtures/encode-clip.ts';
import { writeImages } from '../../../samgpu/src/frames/fixtures/write-images.ts';
import { expectToGoOnAfter, lossless } from '../fixtures/interrupted-track.ts';
import { linesOf, run } from '../fixtures/run-track.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { TrackedFrameResult } from './frame-record.ts';

const isMissing = spawnSync('ffmpeg', ['-version']).status !== 0;
const hint = isMissing ? ' (skipped: no ffmpeg on PATH)' : '';

test.skipIf(isMissing).each([
  ['long after it was saved', '600000'],
  ['just after it was saved', '0'],
] as const)(`a track goes on after SIGKILL %s${hint}`, { timeout: 240_000 }, (_, saves) =>
  expectToGoOnAfter('SIGKILL', saves),
);

test.skipIf(isMissing)(
  `a video of a hundred frames follows the same objects as its images do${hint}`,
  async () => {
    using folder = new TemporaryFolder();
    await encodeClip(folder.at('clip.mkv'), 100, lossless);
    const args = [
      'clip.mkv',
      '--point',
      '16,22',
      '--point',
      '78,14,2',
      '--frame',
      '30',
      '--point',
      '34,20,-,1',
      '--json',
    ];
    const outcome = await run([...args, '--format', 'coco'], { cwd: folder.path });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const lines = linesOf(outcome);
    expect(lines.map(({ frame }) => frame)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    await writeImages(folder.at('in'), 100, (frame) => `image ${frame}.png`);
    const images = await run(['in', ...args.slice(1), '--format', 'coco'], { cwd: folder.path });
    const masks = (all: readonly TrackedFrameResult[]): unknown =>
      all.map(({ objects }) => objects.map(({ rle }) => rle.counts));
    expect(masks(linesOf(images))).toEqual(masks(lines));
  },
);
