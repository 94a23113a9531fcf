/** The video tab in a browser, with a small network in place of SAM 2.1 T. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type CompressedRle, fromCompressedRle, Mask, rleIou, rleUnion } from '@samgpu/mask';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import type { Page } from 'playwright-core';
import { BufferSource, Input, WEBM } from 'mediabunny';
import sharp from 'sharp';
import { memorySource, openZipEntry, readZipDirectory } from '@samgpu/weights/zip';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { narrowWeights } from '../../../../models/sam2/src/fixtures/narrow-network.ts';
import { encodeClip } from '../../../../packages/samgpu/src/frames/fixtures/encode-clip.ts';
import { writeImages } from '../../../../packages/samgpu/src/frames/fixtures/write-images.ts';
import { siteHeaders } from '../../site-headers.js';
import { findingsOn } from '../tests/findings.ts';
import { StudioBrowser, type StudioPage } from '../tests/studio-page.ts';
import { buildNarrowSite } from './fixtures/build-narrow-site.ts';

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

  async function openClip({ page }: StudioPage, path = clip()): Promise<void> {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a video' }).click(),
    ]);
    await chooser.setFiles(path);
    // What holds sound, too, is a little longer.
    const count = path === clip() ? COUNT : '\\d+';
    await page.getByText(new RegExp(`^frame \\d+ of ${count}$`)).waitFor();
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

  async function track({ page }: StudioPage): Promise<void> {
    await page.getByRole('button', { name: 'Track', exact: true }).click();
    await page.getByText(/^Tracking/).waitFor();
    await page.getByText(/^Tracking/).waitFor({ state: 'detached', timeout: 120_000 });
  }

  async function exported({ page }: StudioPage, format: string): Promise<string> {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('radio', { name: format }).check({ force: true });
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 120_000 }),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }

  async function shot({ page }: StudioPage, name: string): Promise<void> {
    const shots = process.env['SAMGPU_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
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

  test.each([
    ['opus', 'irregular.webm', 'libopus', 'with the sound of the video.'],
    ['aac', 'irregular.mp4', 'aac', 'encoded anew as Opus.'],
    ['that cannot be encoded', 'silent.mp4', 'aac', 'It will be without sound'],
  ])('becomes a film at its own times, with sound (%s)', async (codec, name, encoder, said) => {
    const path = join(folder, name);
    // Frames 20 and 60 milliseconds apart, in turn.
    const times = [
      '-vf',
      'settb=1/1000,setpts=(N+0.5*mod(N\\,2))*40',
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '1:1000',
    ];
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=1.2'];
    await encodeClip(path, COUNT, [...tone, ...times, ...VP9, '-c:a', encoder]);
    const other = await browser.visit(undefined, {}, (page) =>
      page.addInitScript((isMute) => {
        if (isMute) Reflect.deleteProperty(globalThis, 'AudioEncoder');
      }, name === 'silent.mp4'),
    );
    const { page } = other;
    await openClip(other, path);
    await loadModel(other);
    await other.click(16, 22);
    await page.getByRole('row', { name: 'Object 1' }).waitFor();
    await page.getByText('1 frame', { exact: true }).waitFor();
    await page.getByRole('slider', { name: 'Frame' }).fill('5');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('radio', { name: 'Overlay' }).check({ force: true });
    await page.getByText(said).waitFor();
    await shot(other, `export-${codec}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Begin here' }).click();
    const film = await exported(other, 'Overlay');

    const packets = packetsOf(path);
    const written = packetsOf(film);
    const shown = packets.video.slice(5);
    const start = shown[0]!.time;
    expect(written.video).toHaveLength(COUNT - 5);
    for (const [i, { time }] of written.video.entries()) {
      // Both files count in milliseconds.
      expect(Math.abs(time - (shown[i]!.time - start))).toBeLessThan(0.0015);
    }
    if (name === 'silent.mp4') {
      expect(written.audio).toEqual([]);
      expect(other.failures).toEqual([]);
      return other.close();
    }
    const end = written.video.at(-1)!.time + 0.06;
    expect(Math.abs(written.audio.at(-1)!.time - end)).toBeLessThan(0.06);
    if (codec === 'opus') {
      const heard = new Map(packets.audio.map(({ hash, time }) => [hash, time]));
      for (const { hash, time } of written.audio) {
        // Not a bit of it is another one; the first packet may begin before its film.
        expect(Math.abs(heard.get(hash)! - start - time)).toBeLessThan(0.022);
      }
    }
    // A second of it has 880 changes of sign; encoders take a moment to begin and to end.
    const whole = soundOf(film);
    const sound = whole.subarray(whole.length * 0.25, whole.length * 0.75);
    let changes = 0;
    for (let i = 1; i < sound.length; i++) if (sound[i]! * sound[i - 1]! < 0) changes += 1;
    expect(Math.abs((changes * 48_000) / sound.length - 880)).toBeLessThan(20);

    using read = new Input({ formats: [WEBM], source: new BufferSource(await readFile(film)) });
    const track = (await read.getPrimaryAudioTrack())!;
    expect(await track.getCodec()).toBe('opus');
    expect(Math.abs((await track.computeDuration()) - end)).toBeLessThan(0.06);
    expect(other.failures).toEqual([]);
    return other.close();
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

interface ReadPacket {
  readonly time: number;
  readonly hash: string;
}

function packetsOf(path: string): Record<'video' | 'audio', ReadPacket[]> {
  const entries = 'packet=codec_type,pts_time,data_hash';
  const args = ['-v', 'error', '-show_data_hash', 'md5', '-show_entries', entries, '-of', 'json'];
  const { stdout, status, stderr } = spawnSync('ffprobe', [...args, path]);
  if (status !== 0) throw new Error(stderr.toString());
  const { packets } = JSON.parse(stdout.toString()) as {
    packets: { codec_type: 'video' | 'audio'; pts_time: string; data_hash: string }[];
  };
  const found: Record<'video' | 'audio', ReadPacket[]> = { video: [], audio: [] };
  for (const { codec_type, pts_time, data_hash } of packets) {
    found[codec_type].push({ time: Number(pts_time), hash: data_hash });
  }
  found.video.sort((a, b) => a.time - b.time);
  return found;
}

/** One channel at 48 kHz. */
function soundOf(path: string): Float32Array {
  const args = ['-v', 'error', '-i', path, '-vn', '-f', 'f32le', '-ac', '1', '-ar', '48000', '-'];
  const { stdout, status, stderr } = spawnSync('ffmpeg', args, { maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(stderr.toString());
  return new Float32Array(new Uint8Array(stdout).buffer);
}
