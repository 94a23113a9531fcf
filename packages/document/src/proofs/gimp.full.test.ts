/** GIMP opens our PSD, and we open what GIMP made of it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { summaryOf } from '../fixtures/compare-objects.ts';
import { sampleDocument } from '../fixtures/sample-document.ts';
import { ObjectPixels } from '../object-pixels.ts';
import { openDocument } from '../open-document.ts';
import type { Background } from '../picture-document.ts';
import { decodePng, pngToRgba } from '../png/decode-png.ts';
import { writePsd } from '../psd/write-psd.ts';

const isMissing = spawnSync('gimp', ['--version']).status !== 0;
const hint = isMissing ? ' (skipped: no GIMP 2.10 on PATH; apt-get install gimp)' : '';

const script = readFileSync(
  fileURLToPath(new URL('../fixtures/read-layers.scm', import.meta.url)),
  'utf8',
);
// Comments would go on to the end of the one line that the script is handed over as.
const code = script.replaceAll(/^ *;.*$/gm, '').replaceAll('\n', ' ');

interface GimpLayer {
  readonly name: string;
  readonly visible: boolean;
  readonly opacity: number;
  readonly x: number;
  readonly y: number;
  readonly hasMask: boolean;
}

function toPerceptual(level: number): number {
  const light = level / 255;
  return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
}

describe.skipIf(isMissing)(`GIMP${hint}`, () => {
  const document = sampleDocument();
  const layers: GimpLayer[] = [];
  let folder: string;

  const run = (from: string, again: string): void => {
    const call = `(write-layers "${from}" "${folder}" "${again}")`;
    const args = ['-i', '-d', '-f', '-b', `${code} ${call}`, '-b', '(gimp-quit 0)'];
    const { stderr } = spawnSync('gimp', args, { encoding: 'utf8', timeout: 120_000 });
    expect(stderr).not.toContain('execution error');
  };
  const read = async (name: string): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(readFileSync(join(folder, name)));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samgpu-gimp-'));
    const path = join(folder, 'ours.psd');
    writeFileSync(path, new Uint8Array(await (await writePsd(document)).arrayBuffer()));
    run(path, join(folder, 'theirs.psd'));
    const lines = readFileSync(join(folder, 'layers.txt'), 'utf8').trimEnd().split('\n');
    for (const line of lines) {
      const [name, visible, opacity, x, y, mask] = line.split('\t');
      layers.push({
        name: name!,
        visible: visible === '1',
        opacity: Number(opacity) / 100,
        x: Number(x),
        y: Number(y),
        hasMask: mask === '1',
      });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('finds the layers, from the top', () => {
    expect(layers.map(({ name, visible, hasMask }) => [name, visible, hasMask])).toEqual([
      ...[...document.objects].reverse().map(({ name, visible }) => [name, visible, true]),
      ['Background', true, false],
    ]);
    expect(layers.map(({ opacity }) => Math.round(opacity * 255))).toEqual([255, 128, 255, 255]);
  });

  test('finds every pixel of pictures and masks', async () => {
    const objects = [...document.objects].reverse();
    for (const [i, layer] of layers.entries()) {
      const { width, height, data } = pngToRgba(await decodePng(await read(`${i}.png`)));
      const box = { x: layer.x, y: layer.y, width, height };
      const object = objects[i];
      const pixels = new ObjectPixels(document.image, object ?? document.objects[0]!);
      expect([...data]).toEqual([
        ...(object === undefined ? document.image.data : pixels.colorsIn(box)),
      ]);
      if (object === undefined) continue;
      const mask = await decodePng(await read(`${i}.mask.png`));
      // Masks are linear in GIMP, which makes them pictures by the curve of sRGB and rounds.
      const wanted = Array.from(pixels.alphaIn(box), toPerceptual);
      const differences = wanted.map((level, i) => Math.abs(level - mask.samples[i]!));
      expect(Math.max(...differences)).toBeLessThanOrEqual(0.51);
    }
  });

  test('writes a PSD that holds the same', async () => {
    const opened = await openDocument(new Blob([await read('theirs.psd')]));
    if (opened.kind !== 'picture') throw new Error(`got ${opened.kind}`);
    expect([...opened.image.data]).toEqual([...document.image.data]);
    // Labels stand for colours, since GIMP has no use for our notes.
    const withoutColor = (summary: ReturnType<typeof summaryOf>): unknown => ({
      ...summary,
      color: 0,
    });
    expect(opened.objects.map(summaryOf).map(withoutColor)).toEqual(
      document.objects.map(summaryOf).map(withoutColor),
    );
  });

  test.each<Background>([{ kind: 'transparent' }, { kind: 'blur', radius: 6 }])(
    'opens a document with $kind',
    async (background) => {
      const path = join(folder, 'background.psd');
      writeFileSync(
        path,
        new Uint8Array(await (await writePsd({ ...document, background })).arrayBuffer()),
      );
      run(path, join(folder, 'again.psd'));
      const names = readFileSync(join(folder, 'layers.txt'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t').slice(0, 2));
      const below = background.kind === 'blur' ? [['New background', '1']] : [];
      expect(names.slice(3)).toEqual([...below, ['Picture', '0']]);
    },
  );
});
