import type { SamCanvas } from '@samgpu/element';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';
import { tabTo } from './tab-to.ts';

describe.skipIf(isBrowserMissing)(`by keys alone${browserHint}`, { timeout: 120_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  test('from the start to a file', async () => {
    const studio = await browser.visit();
    const { page } = studio;
    await tabTo(page, /^Coffee/);
    await page.keyboard.press('Enter');
    await studio.whenReady();
    // The picture has the focus: a cursor appears in its middle, and points.
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    const candidates = (): Promise<number> =>
      page
        .locator('sam-canvas')
        .evaluate((element) => (element as SamCanvas).session!.snapshot.candidates.length);
    await expect.poll(candidates, { timeout: 20_000 }).toBeGreaterThan(1);
    await page.keyboard.press('Tab');
    await page.getByRole('radio', { name: /^Alternative 2/, checked: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Object 1/ }).waitFor();

    await page.keyboard.press('b');
    await page.getByRole('radio', { name: 'Box', checked: true }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.keyboard.press('Control+e');
    await page.getByRole('dialog', { name: 'Export' }).waitFor();
    await tabTo(page, /^Download/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ]);
    expect(download.suggestedFilename()).toBe('Coffee.cutout.png');
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
