/** Films that the Studio writes of a clip with irregular times and sound. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { BufferSource, Input, WEBM } from 'mediabunny';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { narrowWeights } from '../../../../models/sam2/src/fixtures/narrow-network.ts';
import { encodeClip } from '../../../../packages/samgpu/src/frames/fixtures/encode-clip.ts';
import { siteHeaders } from '../../site-headers.js';
import { StudioBrowser } from '../tests/studio-page.ts';
import { buildNarrowSite } from './fixtures/build-narrow-site.ts';
import { exportedVideo, loadNarrowModel, openVideoFile, shot } from './fixtures/video-page.ts';

const isMissing = isBrowserMissing || spawnSync('ffmpeg', ['-version']).status !== 0;
const reason = browserHint !== '' ? browserHint : isMissing ? ' (skipped: no ffmpeg on PATH)' : '';
const COUNT = 24;
const VP9 = ['-c:v', 'libvpx-vp9', '-b:v', '2M', '-g', '12'];

describe.skipIf(isMissing)(`a video with sound${reason}`, { timeout: 150_000 }, () => {
  let folder: string;
  let browser: StudioBrowser;
  const weights = (): string => join(folder, 'narrow.safetensors');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samgpu-studio-films-'));
    const site = join(folder, 'site');
    await Promise.all([
      buildNarrowSite(site),
      narrowWeights().then((bytes) => writeFile(weights(), bytes)),
    ]);
    browser = await StudioBrowser.open([], siteHeaders(), site);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Exports an irregular clip with sound from its sixth frame on, in a tab of its own. */
  async function filmOf(
    name: string,
    encoder: string,
    said: string,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<{ readonly source: Packets; readonly written: Packets; readonly path: string }> {
    const clip = join(folder, name);
    // Frames 20 and 60 milliseconds apart, in turn.
    const times = ['-vf', 'settb=1/1000,setpts=(N+0.5*mod(N\\,2))*40', '-fps_mode', 'passthrough'];
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=1.2'];
    const how = ['-enc_time_base', '1:1000', ...VP9, '-c:a', encoder];
    await encodeClip(clip, COUNT, [...tone, ...times, ...how]);
    const other = await browser.visit(undefined, {}, prepare);
    const { page } = other;
    await openVideoFile(other, clip);
    await loadNarrowModel(other, weights());
    await other.click(16, 22);
    await page.getByRole('row', { name: 'Object 1' }).waitFor();
    await page.getByText('1 frame', { exact: true }).waitFor();
    await page.getByRole('slider', { name: 'Frame' }).fill('5');
    await page.getByRole('button', { name: 'Begin here' }).click();
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('radio', { name: 'Overlay' }).check({ force: true });
    await page.getByText(said).waitFor();
    await shot(other, `export-${name}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const path = await exportedVideo(other, 'Overlay', folder);
    expect(other.failures).toEqual([]);
    await other.close();
    return { source: packetsOf(clip), written: packetsOf(path), path };
  }

  /** Seconds by which frames of the film are off, at most. */
  function offBy({
    source,
    written,
  }: {
    readonly source: Packets;
    readonly written: Packets;
  }): number {
    const shown = source.video.slice(5).map(({ time }) => time);
    expect(written.video).toHaveLength(shown.length);
    const [start = 0] = shown;
    return Math.max(
      ...written.video.map(({ time }, i) => Math.abs(time - ((shown[i] ?? Infinity) - start))),
    );
  }

  /** Changes of sign per second, in the middle: encoders take a moment to begin and to end. */
  function pitchOf(path: string): number {
    const whole = soundOf(path);
    const sound = whole.subarray(whole.length * 0.25, whole.length * 0.75);
    const signs = sound.map((value) => Math.sign(value));
    const changes = signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
    return (changes * 48_000) / sound.length;
  }

  test('becomes a film at its own times, with the very sound', async () => {
    const made = await filmOf('opus.webm', 'libopus', 'with the sound of the video.');
    // Both files count in milliseconds.
    expect(offBy(made)).toBeLessThan(0.0015);
    const { source, written, path } = made;
    const heard = new Map(source.audio.map(({ hash, time }) => [hash, time]));
    const start = source.video.at(5)?.time ?? NaN;
    for (const { hash, time } of written.audio) {
      // Not a bit of a packet is another one; the first of them may begin before the film does.
      expect(Math.abs((heard.get(hash) ?? NaN) - start - time)).toBeLessThan(0.022);
    }
    expect(Math.abs(pitchOf(path) - 880)).toBeLessThan(10);
    using read = new Input({ formats: [WEBM], source: new BufferSource(await readFile(path)) });
    const track = await read.getPrimaryAudioTrack();
    expect(await track?.getCodec()).toBe('opus');
    // 19 frames, the last of them 60 milliseconds long; packets are of 20.
    expect(Math.abs(((await track?.computeDuration()) ?? NaN) - 0.74)).toBeLessThan(0.05);
  });

  test('becomes a film with its sound in another codec', async () => {
    const made = await filmOf('aac.mp4', 'aac', 'encoded anew as Opus.');
    expect(offBy(made)).toBeLessThan(0.0015);
    expect(Math.abs(pitchOf(made.path) - 880)).toBeLessThan(10);
    using read = new Input({
      formats: [WEBM],
      source: new BufferSource(await readFile(made.path)),
    });
    const track = await read.getPrimaryAudioTrack();
    expect(await track?.getCodec()).toBe('opus');
    expect(Math.abs(((await track?.computeDuration()) ?? NaN) - 0.74)).toBeLessThan(0.05);
  });

  test('becomes a film without sound where a browser cannot encode it, and says so', async () => {
    const made = await filmOf('silent.mp4', 'aac', 'It will be without sound', (page) =>
      page.addInitScript(() => Reflect.deleteProperty(globalThis, 'AudioEncoder')),
    );
    expect(offBy(made)).toBeLessThan(0.0015);
    expect(made.written.audio).toEqual([]);
  });
});

interface ReadPacket {
  readonly time: number;
  readonly hash: string;
}

type Packets = Record<'video' | 'audio', ReadPacket[]>;

function packetsOf(path: string): Packets {
  const entries = 'packet=codec_type,pts_time,data_hash';
  const args = ['-v', 'error', '-show_data_hash', 'md5', '-show_entries', entries, '-of', 'json'];
  const { stdout, status, stderr } = spawnSync('ffprobe', [...args, path]);
  if (status !== 0) throw new Error(stderr.toString());
  const { packets } = JSON.parse(stdout.toString()) as {
    packets: { codec_type: 'video' | 'audio'; pts_time: string; data_hash: string }[];
  };
  const found: Packets = { video: [], audio: [] };
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
