/** Errors that nobody foresaw: what is seen then, and that the work is not lost. */
import { browserHint, findingsOn, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser, type StudioPage } from './studio-page.ts';

/** Breaks what the list of models is drawn by, and opens it. */
async function breakRendering(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.assign(Number.prototype, {
      toFixed() {
        throw new Error('broken on purpose');
      },
    });
  });
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByRole('heading', { name: 'Something went wrong here' }).waitFor();
}

async function keepOne(studio: StudioPage): Promise<void> {
  await studio.openSample('Coffee');
  await studio.click(365, 290);
  await studio.page.getByRole('button', { name: /^Keep/ }).click();
  await studio.page.getByRole('row', { name: /Object 1/ }).waitFor();
}

describe.skipIf(isBrowserMissing)(`a failure${browserHint}`, { timeout: 120_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  test('while the page is drawn: what to do, and the work is there after a reload', async () => {
    const studio = await browser.visit();
    const { page } = studio;
    await keepOne(studio);
    await page.getByText('Saved on this device').waitFor();
    await breakRendering(page);
    await page.getByText('your work was saved as you went').waitFor();
    await page.getByText('What happened').click();
    await page.getByText('Error: broken on purpose').waitFor();
    expect(await findingsOn(page)).toEqual([]);

    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    await breakRendering(page);
    // A picture that breaks the page each time must not lock it.
    await page.getByRole('button', { name: 'Start without my last picture' }).click();
    await page.getByRole('heading', { name: 'Go on with' }).waitFor();
    await page.getByRole('button', { name: /^Coffee.*1 object/ }).waitFor();
    await studio.close();
  });

  test('where nothing can be kept: the work comes out as a file, which opens again', async () => {
    const studio = await browser.visit(undefined, {}, (page) =>
      page.addInitScript(() => {
        navigator.storage.getDirectory = () =>
          Promise.reject(new DOMException('denied', 'SecurityError'));
      }),
    );
    const { page } = studio;
    await keepOne(studio);
    await breakRendering(page);
    await page.getByText('This browser keeps nothing').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save my work as a file' }).click(),
    ]);
    await page.getByText('The project is in your downloads').waitFor();
    const path = await download.path();
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('button', { name: /^Coffee/ }).waitFor();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.keyboard.press('Control+o'),
    ]);
    await chooser.setFiles(path);
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    expect(studio.foreign).toEqual([]);
    await studio.close();
  });

  test('before anything is drawn: the page says so', async () => {
    const studio = await browser.visit(undefined, {}, (page) =>
      page.route('**/assets/index-*.js', (route) => route.abort()),
    );
    await studio.page.getByText('The Studio has not started').waitFor();
    expect(await findingsOn(studio.page)).toEqual([]);
    await studio.close();
  });
});
