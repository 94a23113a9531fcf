/** Everything that pointing at a picture can do, in one visit. */
import type { SamCanvas } from '@samgpu/element';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser, type StudioPage } from './studio-page.ts';

interface Seen {
  readonly prompts: readonly string[];
  readonly draft: number | undefined;
  readonly candidates: number;
  /** Areas of the objects, and which of them are hidden. */
  readonly areas: readonly number[];
  readonly hidden: readonly number[];
}

/** What the session says, beside what the page shows. */
function seen(page: Page): Promise<Seen> {
  return page.locator('sam-canvas').evaluate((element) => {
    const { prompts, draft, candidates, objects } = (element as SamCanvas).session!.snapshot;
    return {
      prompts: prompts.map(({ kind }) => kind),
      draft: draft?.mask.area,
      candidates: candidates.length,
      areas: objects.map(({ mask }) => mask.area),
      hidden: objects.flatMap(({ visible }, at) => (visible ? [] : [at])),
    };
  });
}

/** Waits until the model has answered. */
async function answered(page: Page): Promise<Seen> {
  await page.locator('sam-canvas').evaluate((element) => (element as SamCanvas).session!.settled());
  return seen(page);
}

describe.skipIf(isBrowserMissing)(`pointing${browserHint}`, { timeout: 120_000 }, () => {
  let browser: StudioBrowser;
  let studio: StudioPage;
  let page: Page;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
    studio = await browser.visit();
    ({ page } = studio);
    await studio.openSample('Coffee');
  }, 180_000);
  afterAll(() => browser?.close());

  const tool = (name: string): Promise<void> => page.getByRole('radio', { name }).click();
  const drop = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Drop' }).click();
    expect((await answered(page)).prompts).toEqual([]);
  };

  test('a click, what it leaves out, alternatives, undo and redo', async () => {
    await studio.click(365, 290);
    const first = await answered(page);
    expect(first).toMatchObject({ prompts: ['point'], candidates: 4 });
    await page.getByRole('radio', { name: /^Alternative 2/ }).click();
    expect((await answered(page)).draft).not.toBe(first.draft);

    await tool('Exclude');
    await studio.click(400, 340);
    expect((await answered(page)).prompts).toEqual(['point', 'point']);
    await page.getByRole('button', { name: /^Undo/ }).click();
    expect((await answered(page)).prompts).toEqual(['point']);
    await page.getByRole('button', { name: /^Redo/ }).click();
    expect((await answered(page)).prompts).toEqual(['point', 'point']);
    await tool('Include');
    await drop();
  });

  test('a box, a lasso and a brush', async () => {
    const path = [
      [180, 60],
      [420, 60],
      [420, 300],
      [180, 300],
    ] as const;
    for (const [name, kind] of [
      ['Box', 'box'],
      ['Lasso', 'lasso'],
      ['Brush', 'scribble'],
    ] as const) {
      await tool(name);
      await studio.drag(kind === 'box' ? [path[0], path[2]] : path);
      const { prompts, draft } = await answered(page);
      expect({ name, prompts }).toEqual({ name, prompts: [kind] });
      expect(draft).toBeGreaterThan(0);
      await drop();
    }
    await tool('Click');
  });

  test('objects: kept, taken away from, changed, hidden, merged, deleted', async () => {
    await studio.click(365, 290);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    const [before = 0] = (await answered(page)).areas;

    await page.getByRole('radio', { name: 'Add' }).waitFor({ state: 'detached' });
    await studio.click(240, 160);
    await page.getByRole('radio', { name: 'Add' }).click();
    await answered(page);
    await page.getByRole('button', { name: /^Keep/ }).click();
    const [joined = 0] = (await answered(page)).areas;
    expect(joined).toBeGreaterThan(before);

    await page.getByRole('tab', { name: 'Edges' }).click();
    await page.getByRole('button', { name: 'Grow' }).click();
    const [grown = 0] = (await answered(page)).areas;
    expect(grown).toBeGreaterThan(joined);
    await page.keyboard.press('Control+z');
    expect((await answered(page)).areas).toEqual([joined]);

    await page.getByRole('tab', { name: 'Objects' }).click();
    await studio.click(500, 100);
    await page.getByRole('radio', { name: 'New' }).click();
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 2/ }).waitFor();
    await page.getByRole('button', { name: 'Hide Object 2' }).click();
    expect((await answered(page)).hidden).toEqual([1]);

    await page.getByRole('row', { name: /Object 1/ }).click();
    await page.getByRole('row', { name: /Object 2/ }).click({ modifiers: ['Control'] });
    await page.getByRole('button', { name: 'Merge' }).click();
    expect((await answered(page)).areas).toHaveLength(1);
    await page.getByRole('button', { name: 'Delete' }).click();
    expect((await answered(page)).areas).toHaveLength(0);
    await page.getByText('Nothing kept yet').waitFor();
  });

  test('everything, of which several are kept', async () => {
    await page.getByRole('tab', { name: 'Find' }).click();
    await page.getByRole('tabpanel').getByRole('button', { name: 'Find everything' }).click();
    await page.getByRole('button', { name: 'Look again' }).waitFor();
    const gallery = page.getByRole('grid', { name: 'Found' });
    const found = gallery.getByRole('row');
    expect(await found.count()).toBeGreaterThan(3);
    await found.nth(0).hover();
    await page.locator('.highlight').waitFor();
    await found.nth(0).click();
    await found.nth(1).click();
    await page.getByRole('button', { name: 'Keep 2' }).click();
    expect((await answered(page)).areas).toHaveLength(2);
  });

  test('a search can be stopped', async () => {
    await page.getByRole('radio', { name: 'Fine' }).click();
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page
      .getByRole('button', { name: /^(Look again|Find everything)$/ })
      .last()
      .waitFor();
    await studio.click(365, 290);
    expect((await answered(page)).draft).toBeGreaterThan(0);
  });

  test('nothing went wrong on the way', () => {
    expect({ failures: studio.failures, foreign: studio.foreign }).toEqual({
      failures: [],
      foreign: [],
    });
  });
});
