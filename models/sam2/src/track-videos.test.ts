// Videos by their paths, as a program in Node gives them to a segmenter.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { FrameInput, Segmenter } from 'samgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { encodeClip } from '../../../packages/samgpu/src/frames/fixtures/encode-clip.ts';
import { movingShapes } from '../../../packages/samgpu/src/frames/fixtures/moving-shapes.ts';
import { writeImages } from '../../../packages/samgpu/src/frames/fixtures/write-images.ts';
import { loadNarrow } from './fixtures/narrow-network.ts';

const isMissing = spawnSync('ffmpeg', ['-version']).status !== 0;
const hint = isMissing ? ' (skipped: no ffmpeg on PATH)' : '';
const lossless = ['-c:v', 'ffv1', '-pix_fmt', 'gbrp'];

let folder: string;
let segmenter: Segmenter;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'samgpu-track-'));
  segmenter = await loadNarrow();
});
afterAll(() => {
  segmenter.dispose();
  rmSync(folder, { recursive: true });
});

async function track(input: FrameInput): Promise<{ masks: string[]; bytes: number[] }> {
  using track = await segmenter.track(input, { keep: 8 });
  await track.add({ frame: 0, object: 1, points: [{ x: 16, y: 22 }] });
  await track.add({ frame: 0, object: 2, points: [{ x: 78, y: 14 }] });
  const masks: string[] = [];
  const bytes: number[] = [];
  for await (const { objects } of track.propagate()) {
    masks.push(objects.map(({ mask }) => mask.toRle({ compressed: true }).counts).join(' '));
    bytes.push(track.bytes);
  }
  return { masks, bytes };
}

test('a folder is tracked as the images in it are', async () => {
  const images = join(folder, 'images');
  await writeImages(images, 11);
  const wanted = await track(Array.from({ length: 11 }, (_, frame) => movingShapes(frame)));
  expect(await track(images)).toEqual(wanted);
  expect(await track(pathToFileURL(images))).toEqual(wanted);
});

describe.skipIf(isMissing)(`a video file${hint}`, () => {
  test.each([9, 100])('of %i frames is tracked as its images are', async (count) => {
    const clip = join(folder, `${count}.mkv`);
    await encodeClip(clip, count, lossless);
    const got = await track(clip);
    expect(got).toEqual(
      await track(Array.from({ length: count }, (_, frame) => movingShapes(frame))),
    );
    expect(got.masks).toHaveLength(count);
    expect(got.bytes.at(-1)).toBe(got.bytes[Math.min(20, count - 1)]);
  });

  test('can be corrected far back, and goes on from what was saved', async () => {
    const clip = join(folder, 'saved.mkv');
    await encodeClip(clip, 40, lossless);
    using first = await segmenter.track(clip);
    await first.add({ frame: 0, object: 1, points: [{ x: 16, y: 22 }] });
    for await (const { frame } of first.propagate()) if (frame === 30) break;
    const back = await first.add({
      frame: 4,
      object: 1,
      points: [{ x: 60, y: 50, label: 'exclude' }],
    });
    expect(back.frame).toBe(4);
    using second = await segmenter.resume(clip, await first.save());
    const frames: number[] = [];
    for await (const { frame } of second.propagate({ from: 31 })) frames.push(frame);
    expect(frames).toEqual([31, 32, 33, 34, 35, 36, 37, 38, 39]);
  });

  test('says what it cannot be', async () => {
    writeFileSync(join(folder, 'text.mp4'), 'no video, and longer than a header would be');
    await expect(segmenter.track(join(folder, 'text.mp4'))).rejects.toMatchObject({
      name: 'VideoError',
      code: 'undecodable',
    });
    await expect(segmenter.track(join(folder, 'missing.mp4'))).rejects.toMatchObject({
      code: 'not-found',
    });
    const clip = join(folder, 'end.mkv');
    await encodeClip(clip, 30, lossless);
    using track = await segmenter.track(clip);
    const beyond = track.add({ frame: 30, object: 1, points: [{ x: 16, y: 22 }] });
    await expect(beyond).rejects.toMatchObject({ name: 'TrackError', code: 'no-such-frame' });
    expect(track.frameCount).toBeUndefined();
  });
});
