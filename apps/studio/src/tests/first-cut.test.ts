import { readFile } from 'node:fs/promises';

import { Mask, rleIou, Segmenter } from 'samgpu';
import { nano } from '@samgpu/nano';
import sharp from 'sharp';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser, type StudioPage } from './studio-page.ts';

const SPOON = { x: 365, y: 290 };
const COFFEE = new URL('../../public/samples/coffee.jpg', import.meta.url);

describe.skipIf(isBrowserMissing)(
  `from a picture to a file${browserHint}`,
  { timeout: 120_000 },
  () => {
    let browser: StudioBrowser;
    let studio: StudioPage;
    beforeAll(async () => {
      browser = await StudioBrowser.open();
      studio = await browser.visit();
    }, 180_000);
    afterAll(() => browser?.close());

    test('a click and its mask as PNG, which is what the library finds', async () => {
      const { page } = studio;
      await studio.openSample('Coffee');
      await studio.click(SPOON.x, SPOON.y);
      await page.getByRole('button', { name: /^Keep/ }).click();
      await page.getByRole('row', { name: /Object 1/ }).waitFor();

      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('radio', { name: /^Mask/ }).check({ force: true });
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ]);
      const { data, info } = await sharp(await readFile(await download.path()))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 600, height: 400 });
      const found = Mask.fromBitmap({
        width: 600,
        height: 400,
        data: Uint8Array.from(data, (grey) => (grey > 127 ? 1 : 0)),
      });

      using segmenter = await Segmenter.load(nano, { backend: 'onnx' });
      using image = await segmenter.encode(await readFile(COFFEE));
      const options = { multimask: 'all', connected: true } as const;
      const { masks } = await image.segment({ points: [SPOON] }, options);
      const ious = masks.map((mask) => rleIou(mask.toRle(), found.toRle()));
      // The browser's JPEG decoder and libvips differ by a level here and there.
      expect(Math.max(...ious)).toBeGreaterThan(0.95);
    });

    test('nothing was asked of another server, and nothing broke the policy', () => {
      expect({ foreign: studio.foreign, failures: studio.failures }).toEqual({
        foreign: [],
        failures: [],
      });
    });
  },
);
