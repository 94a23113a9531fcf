import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
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
    // Until it is answered the page may still tell that what was before it is saved.
    await page.getByRole('button', { name: /^Keep/ }).waitFor();
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

  test('a reload brings the picture behind the objects back, pixel by pixel', async () => {
    const studio = await browser.visit();
    const { page } = studio;
    await studio.openSample('Coffee');
    await studio.click(365, 290);
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('tab', { name: 'Backdrop' }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('radio', { name: 'Picture', exact: true }).click();
    await (await chooser).setFiles(behind);
    await page.getByRole('radio', { name: 'All of it' }).click();
    const before = await exported(page);
    await page.getByText('Saved on this device').waitFor();
    await page.reload();

    await studio.whenReady();
    await page.getByRole('tab', { name: 'Backdrop' }).click();
    expect(await page.getByRole('radio', { name: 'All of it' }).isChecked()).toBe(true);
    expect((await exported(page)).equals(before)).toBe(true);

    // As when the browser cleared it away, or never had the room.
    await page.getByText('Saved on this device').waitFor();
    await page.getByRole('button', { name: 'Close the picture' }).click();
    await page.getByRole('heading', { name: 'Go on with' }).waitFor();
    expect(await removeKeptFiles(page)).toBe(1);
    await page.getByRole('button', { name: /^Coffee.*1 object/ }).click();
    await page.getByText('The picture behind the objects could not be opened again').waitFor();
    await page.getByRole('tab', { name: 'Objects' }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});

const behind = fileURLToPath(new URL('../../public/samples/rocket.jpg', import.meta.url));

/** The picture with what lies behind its objects, as a file. */
async function exported(page: Page): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('radio', { name: /^Picture PNG/ }).click({ force: true });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  return readFile(await (await download).path());
}

/** @returns how many there were */
function removeKeptFiles(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const projects = await root.getDirectoryHandle('samgpu-projects');
    let count = 0;
    for await (const project of projects.values()) {
      if (!(project instanceof FileSystemDirectoryHandle)) continue;
      for await (const name of project.keys()) {
        if (!name.startsWith('file-')) continue;
        await project.removeEntry(name);
        count += 1;
      }
    }
    return count;
  });
}
