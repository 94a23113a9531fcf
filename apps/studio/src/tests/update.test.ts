/** A newer version on the server: it is offered, not forced, and the work goes on in it. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SamCanvas } from '@samgpu/element';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  prepareStudio,
  studioSite,
} from '../../../../packages/bootstrap/src/studio/prepare-studio.js';
import { brightnessWeights } from '../../../../packages/samgpu/src/fixtures/brightness-variant.ts';
import { siteHeaders } from '../../site-headers.js';
import { buildSmallSite } from '../models/fixtures/build-small-site.ts';
import { StudioBrowser } from './studio-page.ts';

describe.skipIf(isBrowserMissing)(`an update${browserHint}`, { timeout: 120_000 }, () => {
  let folder: string;
  let browser: StudioBrowser;
  const at = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-studio-update-'));
    await prepareStudio();
    await cp(studioSite, at('served'), { recursive: true });
    // Another MobileSAM is as good a change as any.
    await buildSmallSite(at('newer'), brightnessWeights());
    browser = await StudioBrowser.open([], siteHeaders(), at('served'));
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The script that a version of the page starts with. */
  async function scriptIn(site: string): Promise<string> {
    const page = await readFile(join(at(site), 'index.html'), 'utf8');
    const [, script = ''] = /<script[^>]* src="\.\/(assets\/index-[^"]+)"/.exec(page) ?? [];
    return script;
  }

  const running = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const { src } = document.querySelector<HTMLScriptElement>('script[type=module][src]')!;
      return new URL(src).pathname.slice(1);
    });

  const objects = (page: Page): Promise<number[]> =>
    page
      .locator('sam-canvas')
      .evaluate((element) =>
        (element as SamCanvas).session!.snapshot.objects.map(({ mask }) => mask.area),
      );

  test('is offered, waits, and takes over with all that was done', async () => {
    const [older, newer] = await Promise.all([scriptIn('served'), scriptIn('newer')]);
    expect(newer).not.toBe(older);
    expect(newer).toMatch(/^assets/);
    const studio = await browser.visit();
    const { page } = studio;
    await page.getByText('Ready to work offline').waitFor();
    expect(await running(page)).toBe(older);
    await studio.openSample('Coffee');
    await studio.click(365, 290);
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 1/ }).waitFor();
    await page.getByText('Saved on this device').waitFor();

    await rm(at('served'), { recursive: true });
    await cp(at('newer'), at('served'), { recursive: true });
    await page.reload();
    await page.getByText('A newer Studio is here').waitFor();
    // Nobody has agreed yet: the page is the older one, with all of its files.
    await studio.whenReady();
    expect(await running(page)).toBe(older);
    await page.reload();
    await page.getByText('A newer Studio is here').waitFor();
    expect(await running(page)).toBe(older);
    await studio.whenReady();
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('dialog', { name: 'Export' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // Right after a change, before it is saved in its turn.
    await studio.click(240, 160);
    await page.getByRole('radio', { name: 'New' }).click();
    await page.getByRole('button', { name: /^Keep/ }).click();
    await page.getByRole('row', { name: /Object 2/ }).waitFor();
    const before = await objects(page);
    await Promise.all([
      page.waitForEvent('load'),
      page.getByRole('button', { name: 'Load it' }).click(),
    ]);
    expect(await running(page)).toBe(newer);
    await studio.whenReady();
    expect(await objects(page)).toEqual(before);

    // From now on it is the one that works without a network, and nothing is offered again.
    await studio.context.setOffline(true);
    await page.reload();
    await studio.whenReady();
    expect(await running(page)).toBe(newer);
    expect(await page.getByText('A newer Studio is here').count()).toBe(0);
    const caches = await page.evaluate(async () => {
      const names = await globalThis.caches.keys();
      return names.filter((name) => name.startsWith('samgpu-studio-')).length;
    });
    expect(caches).toBe(1);
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
