/** Every format, written and opened again as people do it. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { SamCanvas } from '@samgpu/element';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser, type StudioPage } from './studio-page.ts';

describe.skipIf(isBrowserMissing)(`files${browserHint}`, { timeout: 120_000 }, () => {
  let folder: string;
  let browser: StudioBrowser;
  let studio: StudioPage;
  let page: Page;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-studio-'));
    browser = await StudioBrowser.open();
    studio = await browser.visit();
    ({ page } = studio);
    await studio.openSample('Coffee');
    for (const [x, y] of [
      [365, 290],
      [240, 160],
    ] as const) {
      await studio.click(x, y);
      // Another object beside the one that is selected.
      await page.keyboard.press('Enter');
      await page.locator('sam-canvas').evaluate(async (element) => {
        const { session } = element as SamCanvas;
        await session!.settled();
      });
    }
    await page.getByRole('row', { name: /Object 2/ }).waitFor();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function exportAs(title: string): Promise<string> {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText(title, { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }

  async function open(path: string): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.keyboard.press('Control+o'),
    ]);
    await chooser.setFiles(path);
  }

  const areas = (): Promise<number[]> =>
    page
      .locator('sam-canvas')
      .evaluate((element) =>
        (element as SamCanvas).session!.snapshot.objects.map(({ mask }) => mask.area),
      );

  test('a cutout is as large as its objects, and transparent around them', async () => {
    const path = await exportAs('Cutout');
    const { info, data } = await sharp(await readFile(path))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(4);
    expect(info.width).toBeLessThan(600);
    const opaque = data.filter((value, at) => at % 4 === 3 && value === 255).length;
    const [one = 0, two = 0] = await areas();
    expect(opaque).toBeLessThanOrEqual(one + two);
    expect(opaque).toBeGreaterThan(Math.max(one, two) * 0.99);
  });

  test.each([
    ['Photoshop', 'psd'],
    ['OpenRaster', 'ora'],
    ['Project', 'samgpu'],
  ])('%s comes back with picture and objects', async (title, ending) => {
    const before = await areas();
    const path = await exportAs(title);
    expect(path).toMatch(new RegExp(`Coffee\\.${ending}$`));
    await open(path);
    await page.getByRole('heading', { name: `Coffee.${ending}` }).waitFor();
    await studio.whenReady();
    await page.getByRole('row', { name: /Object 2/ }).waitFor();
    expect(await areas()).toEqual(before);
  });

  test.each([
    ['Outlines', 'svg'],
    ['COCO', 'coco.json'],
  ])('%s adds its objects to the picture that is open', async (title, ending) => {
    const before = await areas();
    const path = await exportAs(title);
    expect(path.endsWith(ending)).toBe(true);
    await open(path);
    await expect.poll(areas, { timeout: 20_000 }).toHaveLength(before.length * 2);
    const added = (await areas()).slice(before.length);
    // Outlines are smoothed by a pixel.
    for (const [at, area] of added.entries()) expect(area / (before[at] ?? 0)).toBeCloseTo(1, 1);
    await page.keyboard.press('Control+a');
    for (let left = before.length; left > 0; left--) await page.keyboard.press('Control+z');
    expect(await areas()).toEqual(before);
  });

  test('what is no picture is told, and nothing is lost', async () => {
    const before = await areas();
    await open(fileURLToPath(new URL('../../README.md', import.meta.url)));
    const notice = page.getByRole('alertdialog', { name: /could not be opened/ });
    await notice.waitFor();
    expect(await areas()).toEqual(before);
    await notice.getByRole('button', { name: 'Close' }).click();
    await notice.waitFor({ state: 'detached' });
  });

  test('a picture of 24 megapixels', async () => {
    const path = join(folder, 'large.jpg');
    const coffee = await readFile(new URL('../../public/samples/coffee.jpg', import.meta.url));
    await sharp(coffee).resize(6000, 4000).jpeg({ quality: 80 }).toFile(path);
    const held: Record<string, number> = {};
    const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
      await page.evaluate(() => void takeLongTasks());
      await work();
      // What is drawn and saved after it belongs to it.
      await page.waitForTimeout(1500);
      held[name] = await page.evaluate(() => takeLongTasks());
    };
    await page.evaluate(watchLongTasks);
    await step('open', async () => {
      await open(path);
      await page.getByRole('heading', { name: 'large.jpg' }).waitFor();
      await page.getByText('6000 × 4000').waitFor();
      await studio.whenReady();
    });
    await step('click', () => studio.click(3650, 2900));
    await step('keep', async () => {
      await page.getByRole('button', { name: /^Keep/ }).click();
      await page.getByRole('row', { name: /Object 1/ }).waitFor();
    });
    await page.getByRole('tab', { name: 'Edges' }).click();
    for (const name of ['Grow', 'Shrink', 'Smooth', 'Fill holes', 'Drop islands', 'Feather']) {
      await step(name, () => page.getByRole('button', { name, exact: true }).click());
      // 0 to 80 where nothing else runs, a feather 230; each was 200 to 900 when all pixels were edited.
      expect({ name, isLong: (held[name] ?? 0) > 700 }).toEqual({ name, isLong: false });
    }
    await step('undo', () => page.keyboard.press('Control+z'));
    await page.getByRole('tab', { name: 'Backdrop' }).click();
    await step('backdrop', () => page.getByRole('radio', { name: 'Blur' }).click());
    await step('export', async () => {
      const cutout = await exportAs('Cutout');
      const { width, height } = await sharp(cutout).metadata();
      expect(width * height).toBeGreaterThan(Math.max(...(await areas())));
      expect((await stat(cutout)).size).toBeGreaterThan(1e5);
    });
    if (process.env['SAMGPU_LONG_TASKS'] !== undefined) console.table(held);
  });

  test('nothing went wrong on the way', () => {
    expect(studio.failures).toEqual([]);
  });
});

declare function takeLongTasks(): number;

/** Makes `takeLongTasks` tell how long, in milliseconds, the page was held up at most since its last call. */
function watchLongTasks(): void {
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ type: 'longtask' });
  Object.assign(globalThis, {
    takeLongTasks() {
      for (const { duration } of observer.takeRecords()) longest = Math.max(longest, duration);
      const taken = Math.round(longest);
      longest = 0;
      return taken;
    },
  });
}
