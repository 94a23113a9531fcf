import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ffmpegFrames } from './ffmpeg-frames.ts';

const isMissing = spawnSync('ffmpeg', ['-version']).status !== 0;
const hint = isMissing ? ' (skipped: there is no ffmpeg)' : '';

const [WIDTH, HEIGHT, FRAMES] = [36, 20, 12];

/** Every pixel says where it is, and when. */
function pixels(frame: number): Uint8Array {
  return Uint8Array.from(
    { length: WIDTH * HEIGHT * 3 },
    (_, index) => (7 * index + 31 * frame) % 251,
  );
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samgpu-frames-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Stored without loss, in the colours that it has. */
function makeClip(name: string): string {
  const file = join(folder, name);
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${WIDTH}x${HEIGHT}`, '-r', '10'];
  const made = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-y', ...raw, '-i', 'pipe:0', '-c:v', 'ffv1', '-pix_fmt', 'gbrp', file],
    { input: Buffer.concat(Array.from({ length: FRAMES }, (_, frame) => pixels(frame))) },
  );
  expect(made.stderr.toString()).toBe('');
  return file;
}

describe.skipIf(isMissing)(`ffmpegFrames${hint}`, () => {
  test('gives every frame as it is, in any order', async () => {
    using frames = await ffmpegFrames(makeClip('clip.mkv'));
    expect(frames.count).toBe(FRAMES);
    for (const frame of [0, 1, 2, 2, 7, 5, 11, 0, 10]) {
      const image = await frames.read(frame);
      expect(image).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3 });
      expect([...image!.data]).toEqual([...pixels(frame)]);
    }
    expect(await frames.read(FRAMES)).toBeUndefined();
    expect([...(await frames.read(3))!.data]).toEqual([...pixels(3)]);
  });

  test('gives frames that are asked for at the same time', async () => {
    using frames = await ffmpegFrames(makeClip('clip.mkv'));
    const wanted = [4, 1, 9];
    const images = await Promise.all(wanted.map((frame) => frames.read(frame)));
    expect(images.map((image) => [...image!.data])).toEqual(
      wanted.map((frame) => [...pixels(frame)]),
    );
  });

  test('gives up by a signal', async () => {
    using frames = await ffmpegFrames(makeClip('clip.mkv'));
    const stopped = frames.read(9, AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(await frames.read(2)).toBeDefined();
  });

  test.each([
    ['that is not there', undefined],
    ['that is text', 'no video'],
    ['that is empty', ''],
  ])('refuses a file %s', async (_, content) => {
    const file = join(folder, 'not.mp4');
    rmSync(file, { force: true });
    if (content !== undefined) writeFileSync(file, content);
    await expect(ffmpegFrames(file)).rejects.toMatchObject({ code: 'not-a-video' });
  });

  test('gives the frames of a video that breaks off', async () => {
    const whole = readFileSync(makeClip('whole.mkv'));
    const file = join(folder, 'broken.mkv');
    writeFileSync(file, whole.subarray(0, Math.floor(whole.length * 0.6)));
    using frames = await ffmpegFrames(file);
    const read: number[] = [];
    for (let frame = 0; frame < FRAMES; frame++) {
      const image = await frames.read(frame).catch(() => undefined);
      if (image === undefined) break;
      read.push(frame);
    }
    expect(read.length).toBeGreaterThan(2);
    expect(read.length).toBeLessThan(FRAMES);
  });
});

test('says where to get a program that is missing', async () => {
  const attempt = ffmpegFrames('clip.mp4', { ffmpeg: '/nowhere/ffmpeg' });
  await expect(attempt).rejects.toMatchObject({ code: 'ffmpeg-missing' });
  await expect(attempt).rejects.toThrow('apt install ffmpeg');
});
