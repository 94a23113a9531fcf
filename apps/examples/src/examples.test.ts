/** The examples, built as their readers build them and opened in a real browser. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  browserHint,
  isBrowserMissing,
  launchBrowser,
  ORIGIN,
  serveFolder,
} from '@samgpu/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SPOON = { x: 365, y: 290 };

describe.skipIf(isBrowserMissing)(`examples${browserHint}`, () => {
  let folder: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-examples-'));
    await build({
      configFile: at('../vite.config.ts'),
      logLevel: 'error',
      build: { outDir: folder },
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(path: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 800, height: 800 } });
    await serveFolder(page, folder);
    await page.goto(`${ORIGIN}/${path}`);
    return page;
  }

  async function clickSpoon(page: Page): Promise<void> {
    await page.waitForFunction(
      () => document.querySelector('sam-canvas')?.snapshot?.state === 'ready',
    );
    const place = await page.evaluate(({ x, y }) => {
      const canvas = document.querySelector('sam-canvas')!;
      const { left, top } = canvas.getBoundingClientRect();
      const { view } = canvas;
      return { x: left + view.x + x * view.scale, y: top + view.y + y * view.scale };
    }, SPOON);
    await page.mouse.click(place.x, place.y);
  }

  test.each(['html/index.html', 'react/main.tsx'])('%s has less than 20 lines', async (path) => {
    const lines = (await readFile(at(path), 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(20);
  });

  test('plain HTML: what is clicked is shown cut out', async () => {
    const page = await open('html/index.html');
    await clickSpoon(page);
    const size = await page.waitForFunction(() => {
      const { naturalWidth, naturalHeight } = document.querySelector('img')!;
      return naturalWidth > 0 && [naturalWidth, naturalHeight];
    });
    const [width, height] = (await size.jsonValue()) as [number, number];
    expect(width).toBeGreaterThan(40);
    expect(width).toBeLessThan(300);
    expect(height).toBeGreaterThan(40);
    await page.close();
  });

  test('React: a file of the user, and the names of what was accepted', async () => {
    const page = await open('react/index.html');
    await page.setInputFiles('input', at('../public/coffee.jpg'));
    await clickSpoon(page);
    await page.waitForFunction(
      () => document.querySelector('sam-canvas')!.snapshot!.draft !== null,
    );
    expect(await page.textContent('output')).toBe('Click, then press Enter');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('output')!.textContent === 'Object 1');
    await page.close();
  });
});
