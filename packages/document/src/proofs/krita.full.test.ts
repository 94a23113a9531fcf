/** Krita opens our PSD and OpenRaster files. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { wholeBox } from '../boxes.ts';
import { sampleDocument } from '../fixtures/sample-document.ts';
import { ObjectPixels } from '../object-pixels.ts';
import { writeOpenRaster } from '../openraster/write-openraster.ts';
import { writePsd } from '../psd/write-psd.ts';

const isMissing =
  spawnSync('kritarunner', ['--help']).error !== undefined ||
  spawnSync('/usr/bin/python3', ['-c', 'import PyQt5']).status !== 0;
const hint = isMissing
  ? ' (skipped: no kritarunner on PATH; apt-get install krita python3-pyqt5)'
  : '';

interface KritaNode {
  readonly name: string;
  readonly type: string;
  readonly visible: boolean;
  /** 0 to 255. */
  readonly opacity: number;
  /** Of the whole document: BGRA, or one byte for masks. */
  readonly pixels: string;
  readonly children: readonly KritaNode[];
}

describe.skipIf(isMissing)(`Krita${hint}`, () => {
  const document = sampleDocument();
  const whole = wholeBox(document.image);
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'samgpu-krita-'));
    const modules = join(folder, 'kritarunner', 'pykrita');
    mkdirSync(modules, { recursive: true });
    const script = fileURLToPath(new URL('../fixtures/read_layers.py', import.meta.url));
    copyFileSync(script, join(modules, 'read_layers.py'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function layersOf(name: string, file: Blob): Promise<readonly KritaNode[]> {
    const path = join(folder, name);
    const result = join(folder, `${name}.json`);
    writeFileSync(path, new Uint8Array(await file.arrayBuffer()));
    const { stderr } = spawnSync('kritarunner', ['-s', 'read_layers', '-f', 'read'], {
      encoding: 'utf8',
      timeout: 120_000,
      env: {
        ...process.env,
        QT_QPA_PLATFORM: 'offscreen',
        XDG_DATA_HOME: folder,
        SAMGPU_PROOF_FILE: path,
        SAMGPU_PROOF_RESULT: result,
      },
    });
    expect(stderr).not.toContain('Traceback');
    return (JSON.parse(readFileSync(result, 'utf8')) as { layers: readonly KritaNode[] }).layers;
  }

  const rgba = ({ pixels }: KritaNode): number[] => {
    const bgra = Buffer.from(pixels, 'base64');
    return Array.from(bgra, (_, i) => bgra[i % 4 === 3 ? i : i - (i % 4) + 2 - (i % 4)]!);
  };
  const summaries = (layers: readonly KritaNode[]): unknown =>
    layers.map(({ name, type, visible }) => [name, type, visible]);
  const wanted = [
    ['Background', 'paintlayer', true],
    ...document.objects.map(({ name, visible }) => [name, 'paintlayer', visible]),
  ];

  test('finds layers, masks and every pixel of a PSD', async () => {
    const layers = await layersOf('ours.psd', await writePsd(document));
    expect(summaries(layers)).toEqual(wanted);
    expect(layers.map(({ opacity }) => opacity)).toEqual([255, 255, 128, 255]);
    expect(rgba(layers[0]!)).toEqual([...document.image.data]);
    for (const [i, object] of document.objects.entries()) {
      const pixels = new ObjectPixels(document.image, object);
      const [mask, ...others] = layers[i + 1]!.children;
      expect([mask!.type, others]).toEqual(['transparencymask', []]);
      expect([...Buffer.from(mask!.pixels, 'base64')]).toEqual([...pixels.alphaIn(whole)]);
    }
  });

  test('finds layers with soft edges in OpenRaster', async () => {
    const layers = await layersOf('ours.ora', await writeOpenRaster(document));
    expect(summaries(layers)).toEqual(wanted);
    for (const [i, opacity] of [255, 255, 127.5, 255].entries()) {
      expect(Math.abs(layers[i]!.opacity - opacity)).toBeLessThanOrEqual(0.5);
    }
    expect(rgba(layers[0]!)).toEqual([...document.image.data]);
    for (const [i, object] of document.objects.entries()) {
      const cutout = new ObjectPixels(document.image, object).cutoutIn(whole);
      expect(rgba(layers[i + 1]!)).toEqual([...cutout.data]);
    }
  });
});
