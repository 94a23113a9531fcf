/** The built page in a browser, with one small case against each peer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  browserHint,
  isBrowserMissing,
  launchBrowser,
  SOFTWARE_WEBGPU,
} from '@samgpu/testing/browser';
import type { Browser } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { PageResult } from './page-bench.ts';
import { PAGE_CONFIG } from './serve-page.ts';

describe.skipIf(isBrowserMissing)(`the page${browserHint}`, () => {
  let folder: string;
  let server: PreviewServer;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-bench-page-'));
    const options = { configFile: PAGE_CONFIG, logLevel: 'error' } as const;
    await build({ ...options, build: { outDir: folder } });
    server = await preview({ ...options, build: { outDir: folder }, preview: { port: 0 } });
    browser = await launchBrowser(SOFTWARE_WEBGPU);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  test('compares a case with ONNX Runtime on WebGPU and on WASM', async () => {
    const address = server.httpServer.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const failures: string[] = [];
    page.on('pageerror', ({ message }) => failures.push(message));
    await page.addInitScript(() => {
      // Headless pages may not write to the clipboard.
      const clipboard = { writeText: async (text: string) => void (window.name = text) };
      Object.defineProperty(navigator, 'clipboard', { value: clipboard });
    });
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.locator('#run:enabled').waitFor();
    await page.fill('#filter', 'layer-norm 1024');
    await page.selectOption('#scale', 'reduced');
    await page.selectOption('#peer', 'both');
    await page.fill('#runs', '2');
    await page.click('#run');
    await page.locator('#status', { hasText: 'Done: 2 of 2' }).waitFor();
    const screenshot = process.env['SAMGPU_SCREENSHOT'];
    if (screenshot !== undefined) {
      await page.screenshot({ path: screenshot, fullPage: true });
    }
    await page.click('#copy');
    await page.locator('#status', { hasText: 'Copied' }).waitFor();
    const result = JSON.parse(await page.evaluate(() => window.name)) as PageResult;
    expect(failures).toEqual([]);
    expect(result.failed).toEqual([]);
    expect(result).toMatchObject({ what: 'page', scale: 'reduced', adapter: { software: true } });
    expect(result.rows.map(({ peerName }) => peerName)).toEqual(['ORT, WebGPU', 'ORT, WASM']);
    for (const row of result.rows) {
      expect(row.ours.runs).toBe(2);
      expect(row.ratio).toBeCloseTo(row.peer.median / row.ours.median);
    }
  });
});
