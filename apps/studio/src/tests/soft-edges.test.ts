/** Hair: from a click to a file whose edge is soft, and clean of what was behind. */
import { readFile } from 'node:fs/promises';

import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';

/** The cutout as the export window gives it, whole. */
async function cutout(page: Page): Promise<{ data: Buffer; width: number; height: number }> {
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByText('Cutout', { exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const png = await readFile(await download.path());
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(4);
  return { data, width: info.width, height: info.height };
}

/** Pixels whose alpha is neither nothing nor all, and those with any. */
function alphaOf({ data }: { readonly data: Buffer }): { soft: number; some: number } {
  let [soft, some] = [0, 0];
  for (let at = 3; at < data.length; at += 4) {
    const alpha = data.readUInt8(at);
    if (alpha > 0) some += 1;
    if (alpha > 8 && alpha < 247) soft += 1;
  }
  return { soft, some };
}

describe.skipIf(isBrowserMissing)(`soft edges${browserHint}`, { timeout: 120_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  test('of fur: a click, refined, kept, exported', async () => {
    const studio = await browser.visit();
    const { page } = studio;
    await studio.openSample('Cat');
    await studio.click(225, 150);
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    const hard = await cutout(page);
    expect(alphaOf(hard).soft).toBe(0);
    expect(alphaOf(hard).some).toBeGreaterThan(5000);

    await page.getByRole('tab', { name: 'Edges' }).click();
    await page.getByText('Changes “Object 1”.').waitFor();
    await page.getByRole('radio', { name: 'Best' }).waitFor();
    await page.getByRole('button', { name: 'Refine edges' }).click();
    await page.getByRole('slider', { name: 'Before and after' }).waitFor();
    const soft = await cutout(page);
    const { soft: count, some } = alphaOf(soft);
    // A band along the outline, and not the whole cat.
    expect(count).toBeGreaterThan(500);
    expect(count).toBeLessThan(some / 2);

    // It is one step, and what is left is the hard edge as it was.
    await page.getByRole('button', { name: /^Undo/ }).click();
    await page.getByRole('slider', { name: 'Before and after' }).waitFor({ state: 'detached' });
    const again = await cutout(page);
    expect(again.data.equals(hard.data)).toBe(true);
    await page.getByRole('button', { name: /^Redo/ }).click();
    await page.getByRole('slider', { name: 'Before and after' }).waitFor();

    // After a reload it is as soft as it was.
    await page.getByText('Saved on this device').waitFor();
    await page.reload();
    await studio.whenReady();
    const restored = await cutout(page);
    expect(restored.data.equals(soft.data)).toBe(true);
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
