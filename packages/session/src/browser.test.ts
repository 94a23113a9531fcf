/** Sessions in a real browser: an engine in a worker that dies, and an adapter of a canvas editor. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { fromCompressedRle, rleIou } from '@samgpu/mask';
import { nano } from '@samgpu/nano';
import { Segmenter } from 'samgpu';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

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

describe.skipIf(isMissing)(`sessions in a browser${hint}`, () => {
  let folder: string;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-session-'));
    await build({
      root: fileURLToPath(new URL('fixtures/browser-app', import.meta.url)),
      configFile: false,
      logLevel: 'error',
      resolve: { conditions: ['@samgpu/source', 'browser', 'module', 'import', 'default'] },
      build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
      worker: { format: 'es' },
    });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage();
    // localhost is a secure context, which locks need. Nothing listens there.
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = pathname === '/photo.jpg' ? PHOTO : join(folder, pathname);
      const path = pathname === '/' ? join(folder, 'index.html') : file;
      const contentType = TYPES[extname(path)] ?? 'application/octet-stream';
      await route.fulfill({ contentType, body: await readFile(path) });
    });
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
