/** nano on WebGPU in a real browser, in a page and in a worker, as an application builds it. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { KindResult } from './fixtures/webgpu-app/image-kinds.ts';
import { fromCompressedRle, type Mask, rleIou, Segmenter } from './index.ts';

const executablePath = process.env['SAMGPU_CHROMIUM'] ?? '/usr/bin/chromium';
const isMissing = !existsSync(executablePath);
const hint = isMissing ? ' (skipped: no Chromium, set SAMGPU_CHROMIUM)' : '';

const PHOTO = fileURLToPath(new URL('../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { x: 365, y: 290 };
const ORIGIN = 'http://localhost';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
};

describe.skipIf(isMissing)(`samgpu on WebGPU in a browser${hint}`, () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  let expected: Mask;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-webgpu-'));
    await build({
      root: fileURLToPath(new URL('fixtures/webgpu-app', import.meta.url)),
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['@samgpu/source', 'browser', 'module', 'import', 'default'] },
      build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
      worker: { format: 'es' },
    });
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    });
    page = await browser.newPage();
    // localhost is a secure context, which WebGPU needs. Nothing listens there.
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = pathname === '/photo.jpg' ? PHOTO : join(folder, pathname);
      const path = pathname === '/' ? join(folder, 'index.html') : file;
      const contentType = TYPES[extname(path)] ?? 'application/octet-stream';
      await route.fulfill({ contentType, body: await readFile(path) });
    });
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
