// Videos in a page that an application would build, opened in a real browser.
import { spawnSync } from 'node:child_process';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  buildPage,
  isBrowserMissing,
  launchBrowser,
  ORIGIN,
  serveFolder,
} from '@samgpu/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { encodeClip } from '../../../packages/samgpu/src/frames/fixtures/encode-clip.ts';
import { narrowWeights } from './fixtures/narrow-network.ts';
import type { Kind } from './fixtures/video-app/main.ts';

const wants = [
  ...(isBrowserMissing ? ['Chromium, set SAMGPU_CHROMIUM'] : []),
  ...(spawnSync('ffmpeg', ['-version']).status === 0 ? [] : ['ffmpeg on PATH']),
];
const hint = wants.length === 0 ? '' : ` (skipped: no ${wants.join(', no ')})`;

const vp8 = ['-c:v', 'libvpx', '-b:v', '3M', '-auto-alt-ref', '1', '-lag-in-frames', '16'];
const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-crf', '8', '-bf', '2', '-g', '17'];
const irregular = "setpts='(N+0.4*mod(N,3)+30*gt(N,40))/25/TB'";
const clips: readonly [name: string, count: number, encoding: readonly string[]][] = [
  ['vp8.webm', 70, [...vp8, '-g', '30']],
  ['vp9.webm', 70, ['-c:v', 'libvpx-vp9', '-b:v', '3M', '-g', '25']],
  ['irregular.mp4', 70, [...h264, '-vf', irregular, '-vsync', 'passthrough']],
  ['short.webm', 9, vp8],
  ['long.webm', 50, vp8],
];

const videoApp = new URL('fixtures/video-app/', import.meta.url);

async function openPage(browser: Browser, folder: string): Promise<Page> {
  const page = await browser.newPage();
  await serveFolder(page, folder);
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => 'trackVideo' in globalThis);
  return page;
}

describe.skipIf(wants.length > 0)(`videos in a page${hint}`, () => {
  let folder: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await buildPage(videoApp);
    for (const [name, count, encoding] of clips) {
      await encodeClip(join(folder, name), count, encoding);
    }
    await writeFile(join(folder, 'narrow.safetensors'), await narrowWeights());
    browser = await launchBrowser();
    page = await openPage(browser, folder);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const order = [0, 1, 2, 40, 41, 30, 3, 69, 68, 67, 12, 44, 43, 5];

  test.each(['vp8.webm', 'vp9.webm', 'irregular.mp4'])('any frame of a file: %s', async (name) => {
    const result = await page.evaluate(
      ([name, order]) => globalThis.readFrames(name, 'blob', order),
      [name, [...order, 70, 6]] as const,
    );
    expect(result.found).toEqual([...order, -1, 6]);
    expect(result.size).toEqual([96, 64]);
    expect(result.count).toBeUndefined();
    // Compression, and the colours of half of the pixels.
    expect(result.difference).toBeLessThan(8);
  });

  test('a file by its address, and how many frames it has', async () => {
    const read = (name: string): Promise<Awaited<ReturnType<typeof globalThis.readFrames>>> =>
      page.evaluate((name) => globalThis.readFrames(name, 'url', [8, 2]), name);
    expect(await read('short.webm')).toMatchObject({ count: 9, expectedCount: 9, found: [8, 2] });
    const long = await read('vp9.webm');
    expect(long).toMatchObject({ count: undefined, expectedCount: 70, found: [8, 2] });
    expect(long.frameRate).toBeCloseTo(25, 0);
  });

  test.each<Kind>(['element', 'element without metadata'])('a video %s', async (kind) => {
    const frames = [0, 1, 2, 40, 39, 69, 5];
    const result = await page.evaluate(
      ([kind, frames]) => globalThis.readFrames('vp8.webm', kind, frames),
      [kind, frames] as const,
    );
    expect(result).toMatchObject({ count: 70, frameRate: 25, found: frames });
  });

  test.each(['list', 'directory'] as const)(
    'images of a %s in their natural order',
    async (kind) => {
      const result = await page.evaluate((kind) => globalThis.readFiles(kind), kind);
      expect(result).toMatchObject({ count: 3, found: [10, 1, 9, -1], difference: 0 });
    },
  );

  test.each([
    ['by MediaStreamTrackProcessor', true],
    ['by a video element', false],
  ])('a camera %s', async (_, processor) => {
    const { found, again, refused, ended } = await page.evaluate(
      (processor) => globalThis.readCamera(processor),
      processor,
    );
    expect(found).toHaveLength(4);
    expect(found.toSorted((a, b) => a - b)).toEqual(found);
    expect(found.at(-1)).toBeGreaterThan(found[0]!);
    expect({ again, refused, ended }).toEqual({
      again: found.at(-1),
      refused: 'frame-gone',
      ended: true,
    });
  });

  test('stops by a signal, and goes on', async () => {
    const result = await page.evaluate(() => globalThis.stopReading('vp8.webm'));
    expect(result).toEqual({ reason: 'enough', next: 7 });
  });

  test('what is no video is refused', async () => {
    const text = await page.evaluate(() =>
      globalThis.refusal('no video, and longer than a header'),
    );
    expect(text).toMatchObject({ name: 'VideoError', code: 'undecodable' });
    expect(text.message).toContain('text.mp4 cannot be decoded');
    expect(await page.evaluate(() => globalThis.refusal(''))).toMatchObject({
      code: 'undecodable',
    });
    expect(await page.evaluate(() => globalThis.refusal(3))).toMatchObject({
      code: 'unsupported-source',
    });
  });

  test('a file that is not there is told', async () => {
    const missing = await page.evaluate(() => globalThis.refusal('http://localhost/missing.mp4'));
    expect(missing).toMatchObject({ name: 'VideoError', code: 'unreadable' });
    expect(missing.message).toContain('http://localhost/missing.mp4');
  });

  test('without mediabunny files are refused, and elements are not', async () => {
    const without = await buildPage(videoApp, ['mediabunny']);
    try {
      await copyFile(join(folder, 'vp8.webm'), join(without, 'vp8.webm'));
      const page = await openPage(browser, without);
      const { code, message } = await page.evaluate(() => globalThis.refusal('any file'));
      expect(code).toBe('missing-decoder');
      expect(message).toContain('npm install mediabunny');
      const read = await page.evaluate(() => globalThis.readFrames('vp8.webm', 'element', [7]));
      expect(read.found).toEqual([7]);
      await page.close();
    } finally {
      await rm(without, { recursive: true });
    }
  });

  const track = (name: string, kind: Kind | 'bitmaps'): ReturnType<typeof globalThis.trackVideo> =>
    page.evaluate(([name, kind]) => globalThis.trackVideo(name, kind), [name, kind] as const);

  test('a file is tracked as its pictures are', async () => {
    const file = await track('short.webm', 'blob');
    expect(file.frames).toHaveLength(9);
    expect((await track('short.webm', 'bitmaps')).masks).toEqual(file.masks);
  });

  test('of fifty frames nothing piles up', { timeout: 180_000 }, async () => {
    const { frames, masks, bytes } = await track('long.webm', 'blob');
    expect(frames).toEqual(Array.from({ length: 50 }, (_, frame) => frame));
    expect(masks.every((both) => both.split(' ').length === 2)).toBe(true);
    expect(bytes[49]).toBe(bytes[20]);
  });
});
