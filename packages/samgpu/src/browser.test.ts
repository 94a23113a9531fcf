/** A page that an application would build, opened in a real browser: files, WASM and all. */
import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { nano } from '@samgpu/nano';
import {
  browserHint,
  buildPage,
  isBrowserMissing,
  launchBrowser,
  mediaTypeOf,
} from '@samgpu/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { fromCompressedRle, rleIou, Segmenter } from './index.ts';

const PHOTO = fileURLToPath(new URL('../../cli/assets/coffee.jpg', import.meta.url));
const SPOON = { x: 365, y: 290 };

/** Serves a folder and the photo on loopback, isolated so that WASM gets threads, or not. */
function serve(folder: string, isolated: boolean): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = path === '/photo.jpg' ? PHOTO : join(folder, path === '/' ? 'index.html' : path);
    readFile(file).then(
      (content) => {
        response.writeHead(200, {
          'Content-Type': mediaTypeOf(file),
          ...(isolated
            ? {
                'Cross-Origin-Opener-Policy': 'same-origin',
                'Cross-Origin-Embedder-Policy': 'require-corp',
              }
            : {}),
        });
        response.end(content);
      },
      () => {
        response.writeHead(404).end();
      },
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

describe.skipIf(isBrowserMissing)(`samgpu in a page${browserHint}`, () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await buildPage(new URL('fixtures/browser-app/', import.meta.url));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function open(server: Server): Promise<Page> {
    const address = server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('the server has no port');
    }
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(`http://127.0.0.1:${address.port}/`);
    await page.waitForFunction(() => 'segmentPhoto' in globalThis);
    expect(failures).toEqual([]);
    return page;
  }

  test.each([
    ['isolated, with threads', true],
    ['an ordinary page, one thread', false],
  ])('segments a photo on WASM: %s', async (_, isolated) => {
    const server = await serve(folder, isolated);
    try {
      const page = await open(server);
      const result = await page.evaluate(
        (point) => globalThis.segmentPhoto('photo.jpg', point, { backend: 'onnx' }),
        SPOON,
      );
      expect(result.backend).toContain('onnxruntime-web');
      expect(result.reason.includes('not cross-origin isolated')).toBe(!isolated);
      expect(result.size).toEqual([600, 400]);
      expect(result.isImageData).toBe(true);
      // The weights came over the network, whole.
      expect(result.stages).toContain(`weights ${nano.weights.bytes}/${nano.weights.bytes}`);

      using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
      using image = await segmenter.encode(PHOTO);
      const { mask } = await image.segment({ points: [SPOON] });
      const theirs = fromCompressedRle({ size: [400, 600], counts: result.rle });
      // The browser's JPEG decoder and libvips differ by a level here and there.
      expect(rleIou(mask.toRle(), theirs)).toBeGreaterThan(0.97);
      expect(result.score).toBeCloseTo(mask.score, 2);

      const { masks } = await image.segmentEverything({ pointsPerSide: 4 });
      expect(result.streamed).toBeGreaterThan(0);
      // Those near a threshold may fall to either side of it.
      const found = masks.filter(({ point }) =>
        result.everything.some(({ point: { x, y }, rle }) => {
          const counts = { size: [400, 600], counts: rle } as const;
          return x === point.x && y === point.y && fromCompressedRle(counts).counts.length > 1;
        }),
      );
      expect(Math.abs(masks.length - result.everything.length)).toBeLessThanOrEqual(1);
      expect(found.length).toBeGreaterThanOrEqual(masks.length - 1);
      expect(masks.length).toBeGreaterThan(3);
      await page.close();
    } finally {
      server.close();
    }
  });
});
