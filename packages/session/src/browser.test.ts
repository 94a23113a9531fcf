/** Sessions in a real browser: an engine in a worker that dies, and an adapter of a canvas editor. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { fromCompressedRle, rleIou } from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import {
  browserHint,
  buildPage,
  isBrowserMissing,
  launchBrowser,
  ORIGIN,
  serveFolder,
} from '@samgpu/testing/browser';
import { Segmenter } from 'samgpu';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PHOTO = fileURLToPath(new URL('../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { x: 365, y: 290 };

describe.skipIf(isBrowserMissing)(`sessions in a browser${browserHint}`, () => {
  let folder: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await buildPage(new URL('fixtures/browser-app/', import.meta.url));
    browser = await launchBrowser();
    page = await browser.newPage();
    await serveFolder(page, folder, { '/photo.jpg': PHOTO });
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction(() => 'clickInWorker' in globalThis);
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  test('an engine in a worker answers, and comes back after it was ended', async () => {
    const result = await page.evaluate(({ url, point }) => globalThis.clickInWorker(url, point), {
      url: `${ORIGIN}/photo.jpg`,
      point: SPOON,
    });
    expect(result).toMatchObject({ lost: 'engine-lost', state: 'prompting', again: result.rle });
    using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
    using image = await segmenter.encode(PHOTO);
    const { mask } = await image.segment({ points: [SPOON] }, { connected: true });
    const theirs = fromCompressedRle({ size: [400, 600], counts: result.rle });
    // The browser's JPEG decoder and libvips differ by a level here and there.
    expect(rleIou(mask.toRle(), theirs)).toBeGreaterThan(0.97);
  });

  test('the adapter of a canvas editor passes all cases, a broken one fails those of turned layers', async () => {
    const right = await page.evaluate(() => globalThis.runConformance(false));
    expect(right.length).toBeGreaterThan(10);
    expect(right.filter(([, error]) => error !== null)).toEqual([]);
    const broken = await page.evaluate(() => globalThis.runConformance(true));
    expect(broken.filter(([, error]) => error !== null).map(([name]) => name)).toEqual([
      'pointer to picture, rotated: within half a pixel',
      'pointer to picture, all of it: within half a pixel',
    ]);
  });
});
