import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';

describe.skipIf(isBrowserMissing)(`without a network${browserHint}`, { timeout: 120_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  test('a second visit needs no server at all', async () => {
    const studio = await browser.visit();
    const { page, context } = studio;
    await page.getByText('Ready to work offline').waitFor();
    await context.setOffline(true);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await studio.openSample('Cat');
    await studio.click(225, 150);
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    expect(studio.failures).toEqual([]);
    await studio.close();
  });

  test('threads work from the second visit on, where a server cannot isolate pages', async () => {
    const plain = await StudioBrowser.open([], {});
    const studio = await plain.visit();
    const { page } = studio;
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await page.getByText('Ready to work offline').waitFor();
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await studio.close();
    await plain.close();
  });
});
