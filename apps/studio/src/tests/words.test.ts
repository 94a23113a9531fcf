/** Finding by words in the real Studio, with a real detector of plain colours behind HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SamCanvas } from '@samgpu/element';
import { type GrounderServer, serveColorGrounder } from '@samgpu/testing';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findingsOn } from './findings.ts';
import { StudioBrowser, type StudioPage } from './studio-page.ts';

const RED = { left: 60, top: 60, width: 160, height: 180 };
const BLUE = { left: 340, top: 150, width: 180, height: 120 };

async function writeScene(path: string): Promise<void> {
  const block = ({ width, height }: typeof RED, background: string) =>
    sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toBuffer();
  const canvas = sharp({
    create: { width: 600, height: 400, channels: 3, background: '#808080' },
  });
  await canvas
    .composite([
      { input: await block(RED, '#cd2d2d'), ...RED },
      { input: await block(BLUE, '#2d46cd'), ...BLUE },
    ])
    .png()
    .toFile(path);
}

async function openScene({ page }: StudioPage, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^Open a picture/ }).click();
  await (await chooser).setFiles(path);
  await page.getByText(/^encoded in/).waitFor({ state: 'attached' });
}

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
    });
    if (focused === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}`);
}

describe.skipIf(isBrowserMissing)(`by words${browserHint}`, { timeout: 120_000 }, () => {
  let folder: string;
  let scene: string;
  let grounder: GrounderServer;
  let browser: StudioBrowser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samgpu-words-'));
    scene = join(folder, 'scene.png');
    await writeScene(scene);
    grounder = await serveColorGrounder();
    browser = await StudioBrowser.open([], undefined, undefined, grounder.url);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await grounder?.close();
    rmSync(folder, { recursive: true });
  });

  test('from words to objects by keys alone, and nothing goes anywhere but to the site', async () => {
    const studio = await browser.visit();
    const { page } = studio;
    await openScene(studio, scene);
    await page.getByRole('tab', { name: 'Find' }).click();
    await tabTo(page, 'What to look for');
    await page.keyboard.type('Red box, blue box, a zebra');
    await page.keyboard.press('Enter');
    await page.getByText('2 found for “Red box, blue box, a zebra”.').waitFor();
    expect(grounder.asked).toEqual([
      {
        words: 'Red box, blue box, a zebra',
        width: 600,
        height: 400,
        minScore: undefined,
        authorization: undefined,
        // The Studio's server asks, not the page.
        origin: undefined,
      },
    ]);
    const gallery = page.getByRole('grid', { name: 'Found' });
    expect(await gallery.getByRole('row').allInnerTexts()).toEqual(['Red box', 'blue box']);
    expect(await findingsOn(page)).toEqual([]);

    await tabTo(page, 'Red box');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(await findingsOn(page)).toEqual([]);
    await tabTo(page, 'Keep 2');
    await page.keyboard.press('Enter');
    const objects = await page.locator('sam-canvas').evaluate((element) =>
      (element as SamCanvas).session!.snapshot.objects.map(({ name, mask }) => ({
        name,
        bounds: mask.bounds,
        area: mask.area,
      })),
    );
    expect(objects.map(({ name }) => name)).toEqual(['Red box', 'blue box']);
    const truth = { 'Red box': RED, 'blue box': BLUE };
    for (const { name, bounds, area } of objects) {
      const { left, top, width, height } = truth[name as keyof typeof truth];
      // nano draws the edges of plain rectangles within a few pixels.
      expect(Math.abs(bounds.x - left)).toBeLessThan(8);
      expect(Math.abs(bounds.y - top)).toBeLessThan(8);
      expect(area / (width * height)).toBeGreaterThan(0.9);
      expect(area / (width * height)).toBeLessThan(1.1);
    }
    await page.getByRole('tab', { name: 'Objects' }).click();
    await page.getByRole('row', { name: /Red box/ }).waitFor();
    expect({ foreign: studio.foreign, failures: studio.failures }).toEqual({
      foreign: [],
      failures: [],
    });
    await studio.close();
  });

  test('what is not there, and a detector that is gone, are told', async () => {
    const other = await serveColorGrounder();
    const own = await StudioBrowser.open([], undefined, undefined, other.url);
    try {
      const studio = await own.visit();
      const { page } = studio;
      await openScene(studio, scene);
      await page.getByRole('tab', { name: 'Find' }).click();
      const field = page.getByRole('textbox', { name: 'What to look for' });
      await field.fill('a green thing');
      await field.press('Enter');
      await page.getByText('Nothing was found for “a green thing”.').waitFor();
      await other.close();
      await field.press('Enter');
      const notices = page.getByRole('region', { name: 'Notices' });
      await notices.getByText(/cannot be reached; start it/).waitFor();
      const again = page.getByRole('button', { name: 'Find', exact: true });
      expect(await again.isEnabled()).toBe(true);
      expect(studio.failures).toEqual([]);
      await studio.close();
    } finally {
      await own.close();
    }
  });

  test('without a detector the field says what is needed', async () => {
    const plain = await StudioBrowser.open();
    try {
      const studio = await plain.visit();
      const { page } = studio;
      await openScene(studio, scene);
      await page.getByRole('tab', { name: 'Find' }).click();
      const field = page.getByRole('textbox', { name: 'What to look for' });
      expect(await field.isDisabled()).toBe(true);
      await page.getByText('npm run studio -- --grounder').waitFor();
      expect(await findingsOn(page)).toEqual([]);
      expect({ foreign: studio.foreign, failures: studio.failures }).toEqual({
        foreign: [],
        failures: [],
      });
      await studio.close();
    } finally {
      await plain.close();
    }
  });
});
