/** The adapter of transformers.js in a real browser, where pictures go over a canvas. */
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  browserHint,
  buildPage,
  isBrowserMissing,
  launchBrowser,
  ORIGIN,
  serveFolder,
} from '@samgpu/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));

/** Models, and the runtime that transformers.js would load from elsewhere, by path on the site. */
function filesOfSite(): Record<string, string> {
  const library = createRequire(import.meta.url).resolve('@huggingface/transformers');
  const runtime = dirname(createRequire(library).resolve('onnxruntime-web'));
  const listed = (folder: string, pattern: RegExp, site: string): [string, string][] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => pattern.test(path))
      .map((path) => [`${site}${path}`, join(folder, path)]);
  return Object.fromEntries([
    ...listed(FIXTURES, /^(?:owl|grounding).*\.(?:json|onnx)$/, '/models/'),
    ...listed(runtime, /^ort-wasm-.*\.(?:mjs|wasm)$/, '/ort/'),
  ]);
}

describe.skipIf(isBrowserMissing)(`words in a browser${browserHint}`, { timeout: 60_000 }, () => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  const foreign: string[] = [];

  beforeAll(async () => {
    folder = await buildPage(new URL('fixtures/browser-app/', import.meta.url));
    browser = await launchBrowser();
    page = await browser.newPage();
    await serveFolder(page, folder, filesOfSite());
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(?:blob|data):/.test(url) && !url.startsWith(ORIGIN)) foreign.push(url);
    });
    await page.goto(`${ORIGIN}/`);
    await page.waitForFunction(() => 'findIn' in globalThis);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  test.each([
    ['owlvit', 3],
    ['owlv2', 4],
    ['grounding-dino', 3],
  ] as const)('%s finds what is named, in %i channels', async (model, channels) => {
    const data = new Array<number>(64 * 64 * channels).fill(128);
    for (let i = 0; i < 64 * 64; i++) {
      const [x, y] = [i % 64, Math.floor(i / 64)];
      const isRed = x >= 8 && x < 40 && y >= 16 && y < 48;
      const color = [...(isRed ? [204, 38, 38] : [128, 128, 128]), 255].slice(0, channels);
      data.splice(i * channels, channels, ...color);
    }
    const found = await page.evaluate(
      ({ model, picture }) => globalThis.findIn(model, picture, 'Red cup, blue cup'),
      { model, picture: { width: 64, height: 64, channels, data } },
    );
    expect(found).toHaveLength(16);
    expect(new Set(found.map(({ label }) => label))).toEqual(new Set(['Red cup']));
    for (const { box } of found) {
      expect(box.x >= 8 && box.x < 40 && box.y >= 16 && box.y < 48).toBe(true);
      expect([box.width, box.height]).toEqual([8, 8]);
    }
    expect(foreign).toEqual([]);
  });
});
