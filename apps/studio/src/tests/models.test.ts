/** How models get onto the device: loaded with progress, given up, gone on with, or from a file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SamCanvas } from '@samgpu/element';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Route } from '../../../../packages/bootstrap/src/studio/site-server.js';
import { brightnessWeights } from '../../../../packages/samgpu/src/fixtures/brightness-variant.ts';
import { siteHeaders } from '../../site-headers.js';
import { buildSmallSite } from '../models/fixtures/build-small-site.ts';
import { StudioBrowser, type StudioPage } from './studio-page.ts';

/** More than the 16 MiB that are stored at a time. */
const BEFORE_STALL = 18e6;
const BYTES = 24e6;

describe.skipIf(isBrowserMissing)(`models${browserHint}`, { timeout: 120_000 }, () => {
  let folder: string;
  let browser: StudioBrowser;
  let studio: StudioPage;
  let page: Page;
  const weights = paddedWeights(BYTES);
  let stalls = true;
  let isThere = true;
  /** Where the page wanted the file to begin, request by request. */
  const asked: number[] = [];

  /** Serves MobileSAM, as servers do that know of ranges. */
  const route: Route = (path, request, response) => {
    if (path !== 'models/small.pt' || !isThere) return Promise.resolve(false);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    asked.push(from);
    response.writeHead(from > 0 ? 206 : 200, {
      ETag: '"one"',
      'Content-Length': weights.length - from,
      ...(from > 0 && {
        'Content-Range': `bytes ${from}-${weights.length - 1}/${weights.length}`,
      }),
    });
    if (stalls) response.write(weights.subarray(from, from + BEFORE_STALL));
    else response.end(weights.subarray(from));
    return Promise.resolve(true);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-studio-models-'));
    const site = join(folder, 'site');
    await writeFile(join(folder, 'mobile-sam.pt'), weights);
    await writeFile(join(folder, 'holiday.pt'), 'no weights at all');
    await buildSmallSite(site, weights);
    browser = await StudioBrowser.open([], siteHeaders(), site, { route });
    studio = await browser.visit();
    ({ page } = studio);
    await studio.openSample('Coffee');
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const row = (title: string): Locator =>
    page
      .getByRole('dialog')
      .getByRole('listitem')
      .filter({ has: page.getByText(title, { exact: true }) });
  const openList = (): Promise<void> => page.getByRole('button', { name: /^Model:/ }).click();
  async function closeList(): Promise<void> {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** Clicks, and waits for the mask. */
  async function clickedArea(): Promise<number> {
    await studio.click(365, 290);
    return page.locator('sam-canvas').evaluate(async (element) => {
      const { session } = element as SamCanvas;
      await session!.settled();
      return session!.snapshot.draft?.mask.area ?? 0;
    });
  }

  test('are loaded with progress, and given up', async () => {
    await openList();
    const mobile = row('MobileSAM');
    await mobile.getByRole('button', { name: 'Get' }).click();
    await mobile.getByText('18 MB of 24 MB').waitFor();
    const bar = mobile.getByRole('progressbar', { name: 'Loading the weights' });
    const share = Number(await bar.getAttribute('aria-valuenow'));
    expect(share).toBeGreaterThan(74);
    expect(share).toBeLessThan(76);
    await mobile.getByRole('button', { name: 'Cancel' }).click();
    await bar.waitFor({ state: 'detached' });
    await mobile.getByText('partly here').waitFor();
    await row('samgpu nano').getByText('In use').waitFor();
    await closeList();
    // What was in use still is.
    expect(await clickedArea()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Drop' }).click();
  });

  test('go on from where they were, also after a reload', async () => {
    await page.getByText('Saved on this device').waitFor();
    await page.reload();
    await studio.whenReady();
    stalls = false;
    await openList();
    const mobile = row('MobileSAM');
    await mobile.getByRole('button', { name: 'Go on' }).click();
    await mobile.getByText('In use').waitFor();
    await mobile.getByText('on this device').waitFor();
    expect(asked).toHaveLength(2);
    expect(asked[1]).toBeGreaterThanOrEqual(2 ** 24);
    await closeList();
    await page.getByRole('button', { name: 'Model: MobileSAM' }).waitFor();
    expect(await clickedArea()).toBeGreaterThan(0);
  });

  test('are asked for no more once they are there, until they are removed', async () => {
    await page.reload();
    await page.getByRole('button', { name: 'Model: MobileSAM' }).waitFor();
    await studio.whenReady();
    expect(asked).toHaveLength(2);
    await openList();
    await row('samgpu nano').getByRole('button', { name: 'Use' }).click();
    await row('samgpu nano').getByText('In use').waitFor();
    await row('MobileSAM')
      .getByRole('button', { name: 'Remove MobileSAM from this device' })
      .click();
    await row('MobileSAM').getByRole('button', { name: 'Get' }).waitFor();
  });

  test('come from a file where the site has none', async () => {
    isThere = false;
    const mobile = row('MobileSAM');
    await mobile.getByRole('button', { name: 'Get' }).click();
    await mobile.getByText('This site does not have the file.').waitFor();
    const choose = async (name: string): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        mobile.getByRole('button', { name: 'Choose a file' }).click(),
      ]);
      await chooser.setFiles(join(folder, name));
    };
    await choose('holiday.pt');
    await mobile.getByText('holiday.pt does not hold the weights of MobileSAM.').waitFor();
    await choose('mobile-sam.pt');
    await mobile.getByText('In use').waitFor();
    await mobile.getByText('on this device').waitFor();
    await mobile.getByRole('alert').waitFor({ state: 'detached' });
    await closeList();
    expect(await clickedArea()).toBeGreaterThan(0);
    expect({ failures: studio.failures, foreign: studio.foreign }).toEqual({
      failures: [],
      foreign: [],
    });
  });
});

/** A file of weights as large as it is wanted, of which the network needs almost nothing. */
function paddedWeights(bytes: number): Uint8Array {
  const needed = brightnessWeights();
  const view = new DataView(needed.buffer);
  const end = 8 + Number(view.getBigUint64(0, true));
  const tensors = JSON.parse(new TextDecoder().decode(needed.subarray(8, end))) as object;
  const content = needed.length - end;
  const all = {
    ...tensors,
    padding: { dtype: 'U8', shape: [bytes], data_offsets: [content, content + bytes] },
  };
  const text = new TextEncoder().encode(JSON.stringify(all));
  const file = new Uint8Array(8 + text.length + content + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(needed.subarray(end), 8 + text.length);
  return file;
}
