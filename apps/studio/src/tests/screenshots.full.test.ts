/**
 * Pictures of the main screens, for the README. `SAMGPU_SCREENSHOTS=apps/studio/assets npm run test:full --
 * apps/studio/src/tests/screenshots` writes them there.
 */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import sharp from 'sharp';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser, type StudioPage } from './studio-page.ts';

describe.skipIf(isBrowserMissing)(`screenshots${browserHint}`, { timeout: 150_000 }, () => {
  let folder: string;
  let browser: StudioBrowser;
  beforeAll(async () => {
    const { SAMGPU_SCREENSHOTS: wanted } = process.env;
    folder = wanted === undefined ? await mkdtemp(join(tmpdir(), 'samgpu-')) : resolve(wanted);
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  async function take({ page }: StudioPage, name: string): Promise<void> {
    const path = join(folder, `${name}.webp`);
    const png = await page.screenshot({ animations: 'disabled' });
    await sharp(png).webp({ quality: 88 }).toFile(path);
    // Something is on it: a blank page would be a few hundred bytes.
    expect((await readFile(path)).length).toBeGreaterThan(8000);
  }

  test('on a desk, dark and light', async () => {
    const studio = await browser.visit('?backend=onnx&theme=dark');
    const { page } = studio;
    await page.getByText('Ready to work offline').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await take(studio, 'start');

    await studio.openSample('Coffee');
    await studio.click(365, 290);
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    await studio.click(300, 90);
    await page.getByRole('radio', { name: /^Alternative 1/ }).waitFor();
    await take(studio, 'pointing');
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 2/ }).waitFor();

    await page.getByRole('tab', { name: 'Find' }).click();
    await page.getByRole('tabpanel').getByRole('button', { name: 'Find everything' }).click();
    await page.getByRole('button', { name: 'Look again' }).waitFor({ timeout: 90_000 });
    await page.getByRole('grid', { name: 'Found' }).getByRole('row').nth(7).hover();
    await page.locator('.highlight').waitFor();
    await take(studio, 'everything');

    await page.getByRole('tab', { name: 'Edges' }).click();
    await page.getByRole('button', { name: 'Refine edges' }).click();
    await page.getByText('Before and after').waitFor({ timeout: 60_000 });
    await take(studio, 'edges');

    await page.getByRole('tab', { name: 'Backdrop' }).click();
    await page.getByRole('radio', { name: 'Blur' }).click();
    await page.locator('.result').waitFor();
    await take(studio, 'backdrop');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('dialog', { name: 'Export' }).waitFor();
    await take(studio, 'export');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Model:/ }).click();
    await page.getByRole('dialog', { name: 'Models' }).waitFor();
    await take(studio, 'models');
    expect(studio.failures).toEqual([]);
    await studio.close();
  });

  test('on a phone', async () => {
    const studio = await browser.visit('?backend=onnx&theme=light', {
      viewport: { width: 390, height: 844 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
    });
    const { page } = studio;
    await studio.openSample('Astronaut');
    await studio.click(220, 300);
    await page.getByRole('radio', { name: /^Alternative 1/ }).waitFor();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await take(studio, 'phone');
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
