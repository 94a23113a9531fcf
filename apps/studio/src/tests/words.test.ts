/** Finding by words in the real Studio, with a real detector of plain colours behind HTTP. */
import type { SamCanvas } from '@samgpu/element';
import { type GrounderServer, serveColorGrounder } from '@samgpu/testing';
import { browserHint, findingsOn, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';
import { tabTo } from './tab-to.ts';
import { BLUE, openScene, RED, writeScene } from './words-scene.ts';

describe.skipIf(isBrowserMissing)(`by words${browserHint}`, { timeout: 120_000 }, () => {
  let scene: Awaited<ReturnType<typeof writeScene>>;
  let grounder: GrounderServer;
  let browser: StudioBrowser;

  beforeAll(async () => {
    scene = await writeScene();
    grounder = await serveColorGrounder();
    browser = await StudioBrowser.open([], undefined, undefined, { grounder: grounder.url });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await grounder?.close();
    scene?.remove();
  });

  test('from words to objects by keys alone, and nothing goes anywhere but to the site', async () => {
    const studio = await browser.visit();
    const { page } = studio;
    await openScene(studio, scene.path);
    await tabTo(page, /^What to look for$/);
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

    await tabTo(page, /^Red box$/);
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(await findingsOn(page)).toEqual([]);
    await tabTo(page, /^Keep 2$/);
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
});
