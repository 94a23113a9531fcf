/** A photograph of 24 megapixels: in time, and without much memory beyond what comes out. */
import { readFile } from 'node:fs/promises';

import { Mask } from '@samgpu/mask';
import sharp from 'sharp';
import { expect, test } from 'vitest';

import { composeDocument } from './background/compose-document.ts';
import { maskWhere } from './fixtures/sample-document.ts';
import { openDocument } from './open-document.ts';
import type { Background, PictureDocument } from './picture-document.ts';
import { writeOpenRaster } from './openraster/write-openraster.ts';
import { writePsd } from './psd/write-psd.ts';

const [width, height] = [6000, 4000];
const photo = new URL('../../cli/assets/coffee.jpg', import.meta.url);

async function largeDocument(): Promise<PictureDocument> {
  const raw = await sharp(await readFile(photo))
    .resize(width, height, { fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer();
  const disc = (x: number, y: number, radius: number): Mask =>
    Mask.fromRle(maskWhere(width, height, (px, py) => Math.hypot(px - x, py - y) < radius).toRle());
  return {
    name: 'large',
    image: { width, height, data: new Uint8ClampedArray(raw.buffer, raw.byteOffset, raw.length) },
    objects: [disc(1500, 1500, 700), disc(3500, 2200, 1100)].map((mask, i) => ({
      id: `${i}`,
      name: `Disc ${i + 1}`,
      color: [i, 90, 200],
      visible: true,
      mask,
    })),
  };
}

const document = await largeDocument();

test.each<readonly [Background, number]>([
  [{ kind: 'color', color: [1, 2, 3] }, 4],
  [{ kind: 'blur', radius: 20 }, 8],
  [{ kind: 'blur', radius: 100 }, 8],
])('%j', async (background, seconds) => {
  const before = process.memoryUsage().arrayBuffers;
  let largest = 0;
  const used = process.cpuUsage();
  const shown = await composeDocument(
    { ...document, background },
    {
      onProgress: () => {
        largest = Math.max(largest, process.memoryUsage().arrayBuffers - before);
      },
    },
  );
  const { user, system } = process.cpuUsage(used);
  expect(shown.data.length).toBe(width * height * 4);
  // Of one core, several times what it takes on a slow one.
  expect((user + system) / 1e6).toBeLessThan(seconds);
  // The result, masks within their bounds, and strips whose memory nobody has collected yet.
  expect(largest).toBeLessThan(3 * shown.data.length);
});

test.each([
  ['PSD', writePsd],
  ['OpenRaster', writeOpenRaster],
])('%s is written and opened again', async (_, write) => {
  const opened = await openDocument(await write(document));
  if (opened.kind !== 'picture') throw new Error(`got ${opened.kind}`);
  const [before, after] = [document.image.data, opened.image.data].map((data) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  expect(after!.equals(before!)).toBe(true);
  expect(opened.objects.map(({ mask }) => mask.toRle())).toEqual(
    document.objects.map(({ mask }) => mask.toRle()),
  );
});
