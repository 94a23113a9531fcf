import { browserHint, findingsOn, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser, type StudioPage } from './studio-page.ts';

describe.skipIf(isBrowserMissing)(`accessibility${browserHint}`, { timeout: 150_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  test.each(['dark', 'light'])('no serious finding in the %s theme', async (theme) => {
    const studio: StudioPage = await browser.visit(`?backend=onnx&theme=${theme}`, {
      reducedMotion: 'reduce',
    });
    const { page } = studio;
    const found: Record<string, string[]> = {};
    found['start'] = await findingsOn(page);

    await studio.openSample('Coffee');
    await studio.click(365, 290);
    await page.getByRole('button', { name: /^Keep/ }).waitFor();
    found['prompting'] = await findingsOn(page);
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    found['objects'] = await findingsOn(page);

    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      found[`tab ${await tab.textContent()}`] = await findingsOn(page);
    }
    const windows = [
      [() => page.getByRole('button', { name: /^Model:/ }).click(), 'Models'],
      [() => page.getByRole('button', { name: 'Export' }).click(), 'Export'],
      [() => chooseFromMenu(page, 'Settings'), 'Settings'],
      [() => chooseFromMenu(page, 'Keyboard shortcuts'), 'Keyboard shortcuts'],
    ] as const;
    for (const [open, title] of windows) {
      await open();
      await page.getByRole('dialog', { name: title }).waitFor();
      found[title] = await findingsOn(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: title }).waitFor({ state: 'detached' });
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((where) => [where, []])));
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});

async function chooseFromMenu(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name }).click();
}
