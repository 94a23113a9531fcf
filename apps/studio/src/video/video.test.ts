/** The video tab in a browser, with a small network in place of SAM 2.1 T. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type CompressedRle, fromCompressedRle, Mask, rleIou, rleUnion } from '@samgpu/mask';
import { browserHint, findingsOn, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { memorySource, openZipEntry, readZipDirectory } from '@samgpu/weights/zip';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { narrowWeights } from '../../../../models/sam2/src/fixtures/narrow-network.ts';
import { encodeClip } from '../../../../packages/samgpu/src/frames/fixtures/encode-clip.ts';
import { writeImages } from '../../../../packages/samgpu/src/frames/fixtures/write-images.ts';
import { siteHeaders } from '../../site-headers.js';
import { StudioBrowser, type StudioPage } from '../tests/studio-page.ts';
import { buildNarrowSite } from './fixtures/build-narrow-site.ts';
import { exportedVideo, loadNarrowModel, openVideoFile, shot } from './fixtures/video-page.ts';

const isMissing = isBrowserMissing || spawnSync('ffmpeg', ['-version']).status !== 0;
const reason = browserHint !== '' ? browserHint : isMissing ? ' (skipped: no ffmpeg on PATH)' : '';
const COUNT = 24;
const VP9 = ['-c:v', 'libvpx-vp9', '-b:v', '2M', '-g', '12'];

describe.skipIf(isMissing)(`a video in the Studio${reason}`, { timeout: 150_000 }, () => {
  let folder: string;
  let browser: StudioBrowser;
  let studio: StudioPage;
  const clip = (): string => join(folder, 'shapes.webm');
  const weights = (): string => join(folder, 'narrow.safetensors');
  /** Finds objects where they are pointed at first, and on no other frame. */
  const seldom = (): string => join(folder, 'seldom.safetensors');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-studio-video-'));
    const site = join(folder, 'site');
    await Promise.all([
      buildNarrowSite(site),
      encodeClip(clip(), COUNT, VP9),
      narrowWeights().then((bytes) => writeFile(weights(), bytes)),
      narrowWeights(-0.9).then((bytes) => writeFile(seldom(), bytes)),
    ]);
    browser = await StudioBrowser.open([], siteHeaders(), site);
    studio = await browser.visit();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const openClip = (studio: StudioPage): Promise<void> => openVideoFile(studio, clip(), COUNT);
  const loadModel = (studio: StudioPage, file = weights()): Promise<void> =>
    loadNarrowModel(studio, file);
  const exported = (studio: StudioPage, format: string): Promise<string> =>
    exportedVideo(studio, format, folder);

  async function track({ page }: StudioPage): Promise<void> {
    await page.getByRole('button', { name: 'Track', exact: true }).click();
    await page.getByText(/^Tracking/).waitFor();
    await page.getByText(/^Tracking/).waitFor({ state: 'detached', timeout: 120_000 });
  }

  test('is followed from clicks, one object after the other', async () => {
    const { page } = studio;
    await openClip(studio);
    await shot(studio, 'opened');
    await loadModel(studio);
    await studio.click(16, 22);
    await page.getByRole('row', { name: 'Object 1' }).waitFor();
    await page.getByText('1 frame', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await studio.click(78, 14);
    await page.getByRole('row', { name: 'Object 2' }).waitFor();
    await page.getByRole('button', { name: 'Track', exact: true }).click();
    await page.getByText(/^Tracking/).waitFor();
    await shot(studio, 'tracking');
    await page.getByText(/^Tracking/).waitFor({ state: 'detached', timeout: 120_000 });
    expect(await page.getByText(`${COUNT} frames`).count()).toBe(2);
    await shot(studio, 'tracked');
  });

  test('is corrected on a later frame, and goes on from there', async () => {
    const { page } = studio;
    await page.getByRole('slider', { name: 'Frame' }).fill('10');
    await page.getByText(`frame 11 of ${COUNT}`).waitFor();
    await studio.click(80, 50);
    await page.getByRole('button', { name: 'Prompts of Object 2 on frame 11' }).waitFor();
    await page.getByRole('button', { name: 'Track a part' }).click();
    await page.getByRole('menuitem', { name: 'Forward from here' }).click();
    await page.getByText(`frame ${COUNT} of ${COUNT}`).waitFor({ timeout: 60_000 });
    await page.getByText(/^Tracking/).waitFor({ state: 'detached', timeout: 60_000 });
    expect(await page.getByRole('button', { name: /^Prompts of Object/ }).count()).toBe(3);
  });

  test('is written as masks, lists and films that others read', { timeout: 240_000 }, async () => {
    const source = memorySource(await readFile(await exported(studio, 'Masks')));
    const { entries } = await readZipDirectory(source);
    const names = [...entries.keys()].sort();
    expect(names).toHaveLength(2 * COUNT);
    expect([names[0], names.at(-1)]).toEqual(['Object 1/00000.png', 'Object 2/00023.png']);
    const coco = JSON.parse(await readFile(await exported(studio, 'COCO JSON'), 'utf8')) as {
      videos: unknown[];
      tracks: unknown[];
      images: unknown[];
      annotations: { image_id: number; track_id: number; segmentation: CompressedRle }[];
    };
    expect(coco).toMatchObject({
      videos: [{ id: 1, name: 'shapes.webm' }],
      tracks: [
        { id: 1, name: 'Object 1' },
        { id: 2, name: 'Object 2' },
      ],
    });
    expect(coco.images).toHaveLength(COUNT);
    const maskOf = (frame: number, object: number): Mask => {
      const found = coco.annotations.find(
        ({ image_id, track_id }) => image_id === frame + 1 && track_id === object,
      );
      return Mask.fromRle(fromCompressedRle(found!.segmentation));
    };
    const packed = await openZipEntry(source, entries.get('Object 1/00007.png')!);
    const png = await sharp(await packed.read(0, packed.size))
      .greyscale()
      .raw()
      .toBuffer();
    const pictured = Uint8Array.from(png, (level) => (level > 127 ? 1 : 0));
    expect(pictured).toEqual(Uint8Array.from(maskOf(7, 1).data));
    const mots = (await readFile(await exported(studio, 'MOTS text'), 'utf8')).trim().split('\n');
    expect(mots).toHaveLength(coco.annotations.length);
    expect(mots[0]).toMatch(/^0 1001 1 64 96 /);

    const overlay = await exported(studio, 'Overlay');
    expect(framesOf(overlay, 'rgb24').length).toBe(COUNT * 96 * 64 * 3);
    const cutout = framesOf(await exported(studio, 'Cutout'), 'rgba');
    expect(cutout.length).toBe(COUNT * 96 * 64 * 4);
    const frame = 7;
    const alpha = Uint8Array.from({ length: 96 * 64 }, (_, pixel) =>
      cutout.readUInt8((frame * 96 * 64 + pixel) * 4 + 3) > 127 ? 1 : 0,
    );
    const union = rleUnion(maskOf(frame, 1).toRle(), maskOf(frame, 2).toRle());
    const film = Mask.fromBitmap({ width: 96, height: 64, data: alpha });
    // The codec smooths ragged edges of masks that mean nothing.
    expect(rleIou(film.toRle(), union)).toBeGreaterThan(0.9);
  });

  test('plays, and everything is at the keyboard', async () => {
    const { page } = studio;
    await page.getByRole('heading', { name: 'shapes.webm' }).click();
    const at = (frame: number): Promise<void> =>
      page.getByText(`frame ${frame} of ${COUNT}`).waitFor();
    await page.keyboard.press('Home');
    await at(1);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await at(3);
    await page.keyboard.press('i');
    await page.keyboard.press('Shift+ArrowRight');
    await at(13);
    await page.keyboard.press('o');
    await page.keyboard.press('Home');
    await at(3);
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await at(13);
    await page.keyboard.press('End');
    await at(13);
    await page.keyboard.press('t');
    await page.getByText(/^Tracking/).waitFor();
    await page.getByText(/^Tracking/).waitFor({ state: 'detached', timeout: 60_000 });
    expect(await page.locator('.timeline-outside').count()).toBe(2);
    expect(await page.getByText(`${COUNT} frames`).count()).toBe(2);
  });

  test('is there again when the file is opened again', async () => {
    const { page } = studio;
    await page.waitForTimeout(1500);
    await page.reload();
    await openClip(studio);
    await page.getByText('Your work on this video is back').waitFor();
    expect(await page.getByText(`${COUNT} frames`).count()).toBe(2);
    await shot(studio, 'restored');
  });

  test('nothing was asked of another server, and nothing broke the policy', () => {
    expect({ foreign: studio.foreign, failures: studio.failures }).toEqual({
      foreign: [],
      failures: [],
    });
  });

  test('by keys alone, from the start to a mask', { timeout: 180_000 }, async () => {
    const other = await browser.visit();
    const { page } = other;
    await tabTo(page, /^Open a video/);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.keyboard.press('Enter'),
    ]);
    await chooser.setFiles(clip());
    await page.getByText(`frame 1 of ${COUNT}`).waitFor();
    await tabTo(page, /^Choose a model/);
    await page.keyboard.press('Enter');
    await tabTo(page, /^Choose a file/);
    const [weightChooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.keyboard.press('Enter'),
    ]);
    await weightChooser.setFiles(weights());
    await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 60_000 });
    await page.locator('sam-canvas').evaluate((element) => (element as HTMLElement).blur());
    await tabTo(page, /^shapes\.webm, frame 1/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press(' ');
    await page.getByRole('row', { name: 'Object 1' }).waitFor();
    await page.getByText('1 frame', { exact: true }).waitFor({ timeout: 60_000 });
    expect(other.failures).toEqual([]);
    await other.close();
  });

  test('where an object is hidden, the timeline is hatched', { timeout: 180_000 }, async () => {
    const other = await browser.visit();
    const { page } = other;
    await openClip(other);
    await loadModel(other, seldom());
    await other.click(16, 22);
    await page.getByText('1 frame', { exact: true }).waitFor();
    await track(other);
    /** Spans of the one object, in frames, and whether they are drawn as stripes. */
    const spans = (): Promise<[from: number, to: number, isHatched: boolean, says: string][]> =>
      page.locator('.timeline-bar').evaluate((bar, count) => {
        const { left, width } = bar.getBoundingClientRect();
        // From the middle of the first frame to that of the last one; spans end half way between two.
        const frameAt = (x: number): number => ((x - left) / width) * (count - 1);
        return Array.from(bar.querySelectorAll<HTMLElement>('.timeline-span'), (span) => {
          const box = span.getBoundingClientRect();
          const { backgroundImage } = getComputedStyle(span);
          const isHatched = backgroundImage.startsWith('repeating-linear-gradient');
          return [
            Math.ceil(frameAt(box.left) - 0.25) + 0, // Not -0.
            Math.floor(frameAt(box.right) + 0.25),
            isHatched,
            span.title,
          ];
        });
      }, COUNT);
    expect(await spans()).toEqual([
      [0, 0, false, ''],
      [1, 23, true, 'Hidden or gone'],
    ]);
    await page.getByText('hidden in 23').waitFor();
    expect(other.failures).toEqual([]);
    await other.close();
  });

  test.each(['dark', 'light'])('no serious finding in the %s theme', async (theme) => {
    const other = await browser.visit(`?backend=onnx&theme=${theme}`, { reducedMotion: 'reduce' });
    const { page } = other;
    await openClip(other);
    const found: Record<string, string[]> = { opened: await findingsOn(page) };
    await loadModel(other);
    await other.click(16, 22);
    await page.getByText('1 frame', { exact: true }).waitFor();
    await track(other);
    await page.getByRole('slider', { name: 'Frame' }).fill('12');
    await shot(other, theme);
    found['tracked'] = await findingsOn(page);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('radio', { name: 'Other background' }).check({ force: true });
    await page.getByRole('dialog').waitFor();
    await shot(other, `${theme}-export`);
    found['export'] = await findingsOn(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Model/ }).click();
    await shot(other, `${theme}-models`);
    found['models'] = await findingsOn(page);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 320, height: 640 });
    await page.waitForTimeout(300);
    await shot(other, `${theme}-phone`);
    found['phone'] = await findingsOn(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(320);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((where) => [where, []])));
    expect(other.failures).toEqual([]);
    await other.close();
  });

  test('what is no video is told, with what to do', async () => {
    const other = await browser.visit();
    const { page } = other;
    const broken = join(folder, 'broken.mp4');
    await writeFile(broken, 'no video, and longer than a header would be');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a video' }).click(),
    ]);
    await chooser.setFiles(broken);
    await page.getByText('This video cannot be opened.').waitFor();
    await page
      .getByText(/convert it, for example to MP4/)
      .first()
      .waitFor();
    await page.locator('.stage-error').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Open a video' }).waitFor();
    expect(other.failures).toEqual([]);
    await other.close();
  });

  test('a browser without WebCodecs is told, and opens pictures all the same', async () => {
    const other = await browser.visit('?backend=onnx', {}, (page) =>
      page.addInitScript(() => {
        delete (globalThis as { VideoDecoder?: unknown }).VideoDecoder;
      }),
    );
    const { page } = other;
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a video' }).click(),
    ]);
    await chooser.setFiles(clip());
    await page.getByText(/no WebCodecs/).waitFor();
    const pictures = join(folder, 'pictures');
    await writeImages(pictures, 5);
    const [folderChooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a folder of pictures' }).click(),
    ]);
    await folderChooser.setFiles(pictures);
    await page.getByText('frame 1 of 5').waitFor();
    await page.getByRole('heading', { name: 'pictures' }).waitFor();
    expect(other.failures).toEqual([]);
    await other.close();
  });
});

/** Goes by Tab to what has this name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`Tab does not lead to ${String(name)}`);
}

/** All frames of a film, through the decoder that knows of its transparency. */
function framesOf(path: string, format: 'rgb24' | 'rgba'): Buffer {
  const args = ['-v', 'error', '-c:v', 'libvpx-vp9', '-i', path, '-f', 'rawvideo'];
  const { stdout, status, stderr } = spawnSync('ffmpeg', [...args, '-pix_fmt', format, '-'], {
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}
