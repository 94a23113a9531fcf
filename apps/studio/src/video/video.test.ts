/** The video tab in a browser, with a small network in place of SAM 2.1 T. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { narrowWeights } from '../../../../models/sam2/src/fixtures/narrow-network.ts';
import { encodeClip } from '../../../../packages/samgpu/src/frames/fixtures/encode-clip.ts';
import { siteHeaders } from '../../site-headers.js';
import { hint, isBrowserMissing, StudioBrowser, type StudioPage } from '../tests/studio-page.ts';
import { buildNarrowSite } from './fixtures/build-narrow-site.ts';

const isMissing = isBrowserMissing || spawnSync('ffmpeg', ['-version']).status !== 0;
const reason = hint !== '' ? hint : isMissing ? ' (skipped: no ffmpeg on PATH)' : '';
const COUNT = 24;
const VP9 = ['-c:v', 'libvpx-vp9', '-b:v', '2M', '-g', '12'];

describe.skipIf(isMissing)(`a video in the Studio${reason}`, () => {
  let folder: string;
  let browser: StudioBrowser;
  let studio: StudioPage;
  const clip = (): string => join(folder, 'shapes.webm');
  const weights = (): string => join(folder, 'narrow.safetensors');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-studio-video-'));
    const site = join(folder, 'site');
    await Promise.all([
      buildNarrowSite(site),
      encodeClip(clip(), COUNT, VP9),
      narrowWeights().then((bytes) => writeFile(weights(), bytes)),
    ]);
    browser = await StudioBrowser.open([], siteHeaders(), site);
    studio = await browser.visit();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function openClip({ page }: StudioPage): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a video' }).click(),
    ]);
    await chooser.setFiles(clip());
    await page.getByText(`frame 1 of ${COUNT}`).waitFor();
  }

  async function loadModel({ page }: StudioPage): Promise<void> {
    await page.getByRole('button', { name: 'Choose a model' }).click();
    const row = page.locator('.model', { hasText: 'SAM 2.1 T' });
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      row.getByRole('button', { name: 'Choose a file' }).click(),
    ]);
    await chooser.setFiles(weights());
    await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 60_000 });
  }

  test('click, track', { timeout: 180_000 }, async () => {
    const { page } = studio;
    await openClip(studio);
    if (process.env['SHOTS']) await page.screenshot({ path: join(process.env['SHOTS'], '1.png') });
    await loadModel(studio);
    await studio.click(16, 22);
    await page.getByRole('row', { name: 'Object 1' }).waitFor();
    await page.getByText('1 frame', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Track', exact: true }).click();
    await page.getByText(/^Tracking/).waitFor();
    if (process.env['SHOTS']) await page.screenshot({ path: join(process.env['SHOTS'], '2.png') });
    await page.getByText(/^Tracking/).waitFor({ state: 'detached', timeout: 120_000 });
    if (process.env['SHOTS']) await page.screenshot({ path: join(process.env['SHOTS'], '3.png') });
    await page.getByText(`${COUNT} frames`).waitFor();
    expect({ foreign: studio.foreign, failures: studio.failures }).toEqual({
      foreign: [],
      failures: [],
    });
  });
});
