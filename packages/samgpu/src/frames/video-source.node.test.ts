// Videos by FFmpeg: every frame by its number, however a file counts time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { PixelImage } from '../image-source/index.ts';
import { encodeClip } from './fixtures/encode-clip.ts';
import { CLIP, movingShapes } from './fixtures/moving-shapes.ts';
import {
  openVideo,
  type Video,
  VideoError,
  type VideoErrorCode,
  type VideoInput,
} from './index.ts';

const isMissing = spawnSync('ffmpeg', ['-version']).status !== 0;
const hint = isMissing ? ' (skipped: no ffmpeg on PATH)' : '';

/** From the frame before the first one on. */
const drawn = Array.from({ length: 80 }, (_, i) => movingShapes(i - 1));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samgpu-frames-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);

async function pixels(video: Video, frame: number): Promise<PixelImage> {
  const image = await video.read(frame);
  expect(image, `frame ${frame}`).toMatchObject({ channels: 3 });
  return image as PixelImage;
}

function difference(first: PixelImage, second: PixelImage): number {
  expect(first).toMatchObject({ width: second.width, height: second.height });
  let sum = 0;
  for (const [i, level] of first.data.entries()) sum += Math.abs(level - second.data[i]!);
  return sum / first.data.length;
}

async function expectRefusal(
  input: VideoInput,
  code: VideoErrorCode,
  message: RegExp,
): Promise<void> {
  const error: unknown = await openVideo(input).then(
    (video) => video.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VideoError);
  expect(error).toMatchObject({ code });
  expect((error as Error).message).toMatch(message);
}

const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-crf', '6'];
const kinds: readonly [string, string, readonly string[]][] = [
  ['H.264 with B-frames in MP4', 'b.mp4', [...h264, '-bf', '3', '-g', '17']],
  ['H.264 that starts late', 'late.mkv', [...h264, '-g', '20', '-output_ts_offset', '7.3']],
  ['MPEG-2 in a transport stream', 'stream.ts', ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2']],
  [
    'VP8 with frames that are not shown',
    'hidden.webm',
    ['-c:v', 'libvpx', '-b:v', '2M', '-auto-alt-ref', '1', '-lag-in-frames', '16', '-g', '30'],
  ],
  ['VP9', 'nine.webm', ['-c:v', 'libvpx-vp9', '-b:v', '2M', '-g', '25']],
  [
    'frames at irregular times',
    'irregular.mp4',
    [
      ...h264,
      '-g',
      '15',
      '-vf',
      "setpts='(N+0.4*mod(N,3)+30*gt(N,40))/25/TB'",
      '-vsync',
      'passthrough',
    ],
  ],
  ['Motion JPEG in AVI', 'motion.avi', ['-c:v', 'mjpeg', '-q:v', '2']],
];

describe.skipIf(isMissing)(`a video file in Node${hint}`, () => {
  test.each(kinds)('gives each frame in any order: %s', async (_, name, encoding) => {
    const count = 70;
    await encodeClip(at(name), count, encoding);
    using video = await openVideo(at(name));
    expect(video.count).toBeUndefined();
    const inOrder: PixelImage[] = [];
    for (let frame = 0; frame < count; frame++) {
      const image = await pixels(video, frame);
      expect(image).toMatchObject(CLIP);
      inOrder.push(image);
      // Compression changes some levels; the frame before or after differs by more than that.
      if (frame % 6 !== 0) continue;
      const [before, own, after] = [-1, 0, 1].map((by) =>
        difference(image, drawn[frame + by + 1]!),
      );
      expect(own, `${frame}`).toBeLessThan(Math.min(before!, after!));
    }
    expect(await video.read(count)).toBeUndefined();
    for (const frame of [3, 69, 68, 67, 30, 31, 44, 12, 0, 1, 66, 65, 18]) {
      expect(difference(await pixels(video, frame), inOrder[frame]!), `${frame}`).toBe(0);
    }
    // Without having seen what comes before.
    using other = await openVideo(at(name));
    for (const frame of [50, 49, 9, 69]) {
      expect(difference(await pixels(other, frame), inOrder[frame]!), `${frame}`).toBe(0);
    }
  });

  test('gives pixels as they are, also when asked for several at once', async () => {
    await encodeClip(at('lossless.mkv'), 40, ['-c:v', 'ffv1', '-pix_fmt', 'gbrp']);
    using video = await openVideo(at('lossless.mkv'));
    const wanted = [4, 1, 39];
    const images = await Promise.all(wanted.map((frame) => pixels(video, frame)));
    const errors = images.map((image, i) => difference(image, movingShapes(wanted[i]!)));
    expect(errors).toEqual([0, 0, 0]);
  });

  test('tells rate and length of what tells them', async () => {
    await encodeClip(at('rate.mp4'), 60, h264, 12);
    using video = await openVideo(pathToFileURL(at('rate.mp4')));
    expect(video).toMatchObject({ frameRate: 12, expectedCount: 60, count: undefined });
  });

  test('tells when frames that were read are shown', async () => {
    // 20 and 60 milliseconds apart, in turn.
    const times = ['-vf', 'settb=1/1000,setpts=(N+0.5*mod(N\\,2))*40', '-fps_mode', 'passthrough'];
    const vp9 = ['-enc_time_base', '1:1000', '-c:v', 'libvpx-vp9'];
    await encodeClip(at('irregular.webm'), 6, [...times, ...vp9]);
    using video = await openVideo(at('irregular.webm'));
    expect(video.timeOf?.(0)).toBeUndefined();
    for (const [frame, time] of [0, 0.06, 0.08, 0.14, 0.16, 0.22].entries()) {
      await video.read(frame);
      expect(video.timeOf?.(frame)).toBeCloseTo(time, 3);
    }
  });

  test('counts the frames of a short clip', async () => {
    await encodeClip(at('short.webm'), 11, ['-c:v', 'libvpx', '-b:v', '1M']);
    using video = await openVideo(at('short.webm'));
    expect(video).toMatchObject({ count: 11, expectedCount: 11 });
  });

  test('turns what a phone held upright', async () => {
    await encodeClip(at('flat.mp4'), 20, h264);
    // The matrix of the track's header says how it is shown: here by a quarter turn clockwise.
    const bytes = readFileSync(at('flat.mp4'));
    const matrix = bytes.indexOf('tkhd') + 44;
    [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000].forEach((value, i) =>
      bytes.writeInt32BE(value, matrix + 4 * i),
    );
    writeFileSync(at('upright.mp4'), bytes);
    using flat = await openVideo(at('flat.mp4'));
    using upright = await openVideo(at('upright.mp4'));
    const { data } = await pixels(flat, 4);
    const turned = await sharp(data, { raw: { ...CLIP, channels: 3 } })
      .rotate(90)
      .raw()
      .toBuffer();
    const wanted = { width: 64, height: 96, channels: 3, data: turned } as const;
    // Colours are sampled at every other pixel, and those are others after the turn.
    expect(difference(await pixels(upright, 4), wanted)).toBeLessThan(2);
  });

  test('makes pixels square', async () => {
    await encodeClip(at('wide.mp4'), 20, [...h264, '-vf', 'setsar=3/2']);
    using video = await openVideo(at('wide.mp4'));
    expect(await pixels(video, 0)).toMatchObject({ width: 144, height: 64 });
  });

  test('stops by a signal, and goes on', async () => {
    await encodeClip(at('signal.mp4'), 60, h264);
    using video = await openVideo(at('signal.mp4'));
    await video.read(5);
    const controller = new AbortController();
    const reading = video.read(50, controller.signal);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(Promise.resolve(video.read(3, controller.signal))).rejects.toThrow('enough');
    expect(difference(await pixels(video, 50), movingShapes(50))).toBeLessThan(4);
  });

  test('gives the frames of a file that ends early', async () => {
    await encodeClip(at('whole.ts'), 60, ['-c:v', 'mpeg2video', '-q:v', '2', '-g', '5']);
    const bytes = readFileSync(at('whole.ts'));
    writeFileSync(at('part.ts'), bytes.subarray(0, Math.floor(bytes.length / 2)));
    using video = await openVideo(at('part.ts'));
    let frame = 0;
    while ((await video.read(frame)) !== undefined) frame += 1;
    expect(frame).toBeGreaterThan(17);
    expect(frame).toBeLessThan(60);
    expect(await video.read(2)).toMatchObject(CLIP);
  });

  test('says what cannot be decoded', async () => {
    writeFileSync(at('text.mp4'), 'no video at all, and long enough to be looked at');
    writeFileSync(at('empty.mp4'), '');
    await expectRefusal(
      at('text.mp4'),
      'undecodable',
      /FFmpeg cannot decode .*text\.mp4: .*Invalid data/,
    );
    await expectRefusal(at('empty.mp4'), 'undecodable', /empty\.mp4/);
    spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', at('sound.mp4')]);
    await expectRefusal(at('sound.mp4'), 'no-frames', /no video track/);
  });

  test('takes names that look like something else', async () => {
    await encodeClip(at('flat.mp4'), 5, h264);
    await copyFile(at('flat.mp4'), at('-i 100%d: x.mp4'));
    using video = await openVideo(at('-i 100%d: x.mp4'));
    expect(video.count).toBe(5);
  });

  test('is closed, also while it is read', async () => {
    await encodeClip(at('flat.mp4'), 60, h264);
    const video = await openVideo(at('flat.mp4'));
    await video.read(0);
    const reading = video.read(59);
    await Promise.resolve();
    video.close();
    await expect(reading).rejects.toMatchObject({ name: 'VideoError', code: 'closed' });
    await expect(video.read(0)).rejects.toThrow(/was closed/);
  });
});

describe('a video in Node', () => {
  test('is a folder of images in their natural order', async () => {
    mkdirSync(at('images'));
    const names = ['10.png', '9.png', '1.png', 'notes.txt', '.hidden.png'];
    for (const name of names) writeFileSync(at(`images/${name}`), '');
    using video = await openVideo(at('images'));
    expect(video).toMatchObject({ count: 3, names: ['1.png', '9.png', '10.png'] });
    expect(await video.read(2)).toBe(at('images/10.png'));
    expect(await video.read(3)).toBeUndefined();
    mkdirSync(at('none'));
    await expectRefusal(at('none'), 'no-frames', /holds no images/);
  });

  test('is nothing else', async () => {
    await expectRefusal(at('missing.mp4'), 'not-found', /There is no video .*missing\.mp4/);
    await expectRefusal('https://example.org/a.mp4', 'unsupported-source', /download/);
    await expectRefusal(new URL('https://example.org/a.mp4'), 'unsupported-source', /download/);
    await expectRefusal(new Blob(['x']), 'unsupported-source', /not a Blob/);
  });

  test('wants FFmpeg', () => {
    writeFileSync(at('some.mp4'), 'x');
    const program = `
      import { openVideo } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      await openVideo(${JSON.stringify(at('some.mp4'))}).catch(({ name, code, message }) =>
        console.log(JSON.stringify({ name, code, message })));
    `;
    const args = ['--conditions=@samgpu/source', '--input-type=module', '--eval', program];
    const environment = { ...process.env, PATH: folder };
    const { stdout } = spawnSync(process.execPath, args, { env: environment, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'VideoError', code: 'missing-decoder' });
    expect(stdout).toContain('apt-get install ffmpeg');
  });

  test.skipIf(isMissing)(`does not keep a program from ending${hint}`, async () => {
    await encodeClip(at('long.mp4'), 200, h264);
    const program = `
      import { openVideo } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      const video = await openVideo(${JSON.stringify(at('long.mp4'))});
      const { width } = await video.read(3);
      console.log(width);
    `;
    const args = ['--conditions=@samgpu/source', '--input-type=module', '--eval', program];
    const ended = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });
    expect(ended).toMatchObject({ status: 0, stdout: '96\n' });
  });
});
