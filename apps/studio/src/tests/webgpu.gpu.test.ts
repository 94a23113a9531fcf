/** On WebGPU, as Chromium's software adapter has it. */
import type { SamCanvas } from '@samgpu/element';
import { browserHint, isBrowserMissing, SOFTWARE_WEBGPU } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';

function draftArea(page: Page): Promise<number> {
  return page.locator('sam-canvas').evaluate(async (element) => {
    const session = (element as SamCanvas).session!;
    await session.settled();
    return session.snapshot.draft?.mask.area ?? 0;
  });
}

describe.skipIf(isBrowserMissing)(`on a GPU${browserHint}`, { timeout: 150_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open(SOFTWARE_WEBGPU);
  }, 180_000);
  afterAll(() => browser?.close());

  test('a click, also after the device was lost', async () => {
    const studio = await browser.visit('?backend=webgpu');
    const { page } = studio;
    await studio.openSample('Coffee');
    await page.getByText(/on the GPU/).waitFor();
    await studio.click(365, 290);
    const before = await draftArea(page);
    expect(before).toBeGreaterThan(1000);

    const session = await browser.browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess').catch(() => undefined);
    await page.getByRole('button', { name: 'Drop' }).click();
    await studio.click(365, 290);
    expect(await draftArea(page)).toBe(before);
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
