/** nano on WebGPU in a real browser, in a page and in a worker, as an application builds it. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import {
  browserHint,
  buildPage,
  isBrowserMissing,
  launchBrowser,
  ORIGIN,
  serveFolder,
  SOFTWARE_WEBGPU,
} from '@samgpu/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { KindResult } from './fixtures/webgpu-app/image-kinds.ts';
import { fromCompressedRle, type Mask, rleIou, Segmenter } from './index.ts';

const PHOTO = fileURLToPath(new URL('../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { x: 365, y: 290 };

describe.skipIf(isBrowserMissing)(`samgpu on WebGPU in a browser${browserHint}`, () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let expected: Mask;

  beforeAll(async () => {
    folder = await buildPage(new URL('fixtures/webgpu-app/', import.meta.url));
    browser = await launchBrowser(SOFTWARE_WEBGPU);
    page = await browser.newPage();
    await serveFolder(page, folder, { '/photo.jpg': PHOTO });
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction(() => 'inPage' in globalThis);

    using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
    using image = await segmenter.encode(PHOTO);
    expected = (await image.segment({ points: [SPOON] })).mask;
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  test.each(['inPage', 'inWorker'] as const)(
    '%s: the mask is that of ONNX Runtime',
    async (where) => {
      const request = { url: `${ORIGIN}/photo.jpg`, point: SPOON, backend: 'webgpu' } as const;
      const result = await page.evaluate(({ where, request }) => globalThis[where](request), {
        where,
        request,
      });
      expect(result.kind).toBe('webgpu');
      expect(result.backend).toContain('webgpu');
      expect(result.reason).toBe('asked for');
      const theirs = fromCompressedRle({
        size: [expected.height, expected.width],
        counts: result.rle,
      });
      // The browser's JPEG decoder and libvips differ by a level here and there.
      expect(rleIou(expected.toRle(), theirs)).toBeGreaterThan(0.97);
      expect(result.score).toBeCloseTo(expected.score, 2);
      // Rounding of f32; see the tests of mattes in @samgpu/webgpu.
      expect(result.matteDifference).toBeLessThanOrEqual(2);
      expect(result.softPixels).toBeGreaterThan(100);
    },
  );

  test('images go to the device as they are, and come out as they do on the CPU', async () => {
    const results = await page.evaluate(() => globalThis.compareKinds());
    expect(results).toHaveLength(12);
    // The CPU gets at transparent colours through a canvas, which keeps them multiplied by alpha in 8
    // bits: a level may be lost here and there, and can move a logit across the threshold.
    const isClose = (result: KindResult): boolean => {
      const isTransparent = result.kind.startsWith('transparent');
      return (
        result.largestDifference <= (isTransparent ? 1 : 0) &&
        result.meanDifference <= (isTransparent ? 0.01 : 0) &&
        result.differentMaskPixels <= (isTransparent ? 5 : 0) &&
        result.maskPixels > 0
      );
    };
    expect(results.filter((result) => !isClose(result))).toEqual([]);
    expect(results.filter(({ reads }) => reads > 0)).toEqual([]);
  });

  test('a preview of a mask reads nothing back', async () => {
    const { reads, changed, inside } = await page.evaluate(() => globalThis.previewInViewer());
    expect(reads).toBe(0);
    expect(inside).toBeGreaterThan(0);
    expect(changed).toBe(inside);
  });

  test('auto does not take the software adapter, and says so', async () => {
    const request = { url: `${ORIGIN}/photo.jpg`, point: SPOON, backend: 'auto' } as const;
    const result = await page.evaluate((request) => globalThis.inPage(request), request);
    expect(result.kind).toBe('onnx');
    expect(result.reason).toMatch(
      /^no WebGPU: the only WebGPU adapter is software \(.*swiftshader/i,
    );
  });
});
