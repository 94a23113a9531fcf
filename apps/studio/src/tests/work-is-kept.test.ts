import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser } from './studio-page.ts';

describe.skipIf(isBrowserMissing)(`work is kept${browserHint}`, { timeout: 120_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  test('a reload goes on with picture, objects, clicks and background', async () => {
    const studio = await browser.visit();
    const { page } = studio;
    await studio.openSample('Coffee');
    await studio.click(365, 290);
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    await page.getByRole('button', { name: 'More for Object 1' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Spoon');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Backdrop' }).click();
    await page.getByRole('radio', { name: 'Blur' }).click();
    await studio.click(240, 160);
    await page.getByText('Saved on this device').waitFor();
    await page.reload();

    await studio.whenReady();
    await page.getByRole('button', { name: /^Keep/ }).waitFor();
    await page.getByRole('row', { name: /Spoon/ }).waitFor();
    await page.getByRole('tab', { name: 'Backdrop' }).click();
    expect(await page.getByRole('radio', { name: 'Blur' }).isChecked()).toBe(true);

    await page.getByRole('button', { name: 'Close the picture' }).click();
    await page.getByRole('heading', { name: 'Go on with' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Coffee.*1 object/ }).click();
    await page.getByRole('row', { name: /Spoon/ }).waitFor();

    await page.getByRole('button', { name: 'Close the picture' }).click();
    await page.getByRole('button', { name: 'Delete Coffee' }).click();
    await page.getByRole('heading', { name: 'Go on with' }).waitFor({ state: 'detached' });
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
