// sharp, which is libpng and libspng, reads what we write and writes what we read.

import { crc32 } from 'node:zlib';

import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { DocumentError } from '../document-error.ts';
import { samplePicture } from '../fixtures/sample-document.ts';
import { decodePng, pngToRgba } from './decode-png.ts';
import { encodeGreyPng, encodeIndexedPng, encodePng } from './encode-png.ts';

async function bytesOf(blob: Blob): Promise<Buffer> {
  return Buffer.from(await blob.arrayBuffer());
}

async function pixelsBySharp(png: Buffer): Promise<{ channels: number; data: number[] }> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { channels: info.channels, data: [...data] };
}

describe('what we write', () => {
  test('an opaque picture, without an alpha channel', async () => {
    const picture = samplePicture(37, 23);
    const { channels, data } = await pixelsBySharp(await bytesOf(await encodePng(picture)));
    expect(channels).toBe(3);
    expect(data).toEqual([...picture.data].filter((_, i) => i % 4 !== 3));
  });

  test('colours of transparent pixels stay as they are', async () => {
    const data = Uint8ClampedArray.from({ length: 4 * 6 * 5 }, (_, i) => (i * 37) % 256);
    const png = await bytesOf(await encodePng({ width: 6, height: 5, data }));
    expect(await pixelsBySharp(png)).toEqual({ channels: 4, data: [...data] });
  });

  test('RGB pixels', async () => {
    const data = Uint8Array.from({ length: 3 * 7 * 4 }, (_, i) => (i * 91) % 256);
    const png = await bytesOf(await encodePng({ width: 7, height: 4, channels: 3, data }));
    expect(await pixelsBySharp(png)).toEqual({ channels: 3, data: [...data] });
  });

  test('levels of grey, 8 and 16 bits', async () => {
    const size = { width: 5, height: 3 };
    const bytes = Uint8Array.from({ length: 15 }, (_, i) => i * 17);
    const png = await bytesOf(await encodeGreyPng(bytes, size));
    expect((await sharp(png).metadata()).depth).toBe('uchar');
    expect([...(await sharp(png).toColourspace('b-w').raw().toBuffer())]).toEqual([...bytes]);
    const words = Uint16Array.from({ length: 15 }, (_, i) => i * 4001);
    const wide = await bytesOf(await encodeGreyPng(words, size));
    const raw = await sharp(wide).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    expect([...new Uint16Array(raw.buffer, raw.byteOffset, 15)]).toEqual([...words]);
  });

  test('numbers with a palette', async () => {
    const indices = Uint8Array.of(0, 1, 2, 2, 1, 0);
    const palette = [
      [0, 0, 0],
      [200, 10, 20],
      [30, 220, 40],
    ] as const;
    const png = await bytesOf(await encodeIndexedPng(indices, { width: 3, height: 2 }, palette));
    expect((await sharp(png).metadata()).isPalette).toBe(true);
    const { data } = await pixelsBySharp(png);
    expect(data).toEqual([...indices].flatMap((index) => palette[index]!));
    expect((await decodePng(png)).samples).toEqual(indices);
  });

  test('notes', async () => {
    const text = { samgpu: 'ring "1" 猫', Title: 'x'.repeat(70_000) };
    const png = await bytesOf(await encodePng(samplePicture(3, 2), { text }));
    expect(Object.fromEntries((await decodePng(png)).text)).toEqual(text);
    const { comments } = await sharp(png).metadata();
    expect(comments).toContainEqual({ keyword: 'samgpu', text: text.samgpu });
  });
});

describe('what we read', () => {
  const picture = samplePicture(33, 21);
  const soft = Uint8ClampedArray.from(picture.data, (value, i) => (i % 4 === 3 ? i % 256 : value));
  const opaque = sharp(picture.data, { raw: { width: 33, height: 21, channels: 4 } });
  const withAlpha = sharp(soft, { raw: { width: 33, height: 21, channels: 4 } });

  test.each([
    ['RGB', opaque.clone().removeAlpha().png()],
    ['RGBA', withAlpha.clone().png()],
    ['RGBA, interlaced', withAlpha.clone().png({ progressive: true })],
    ['RGB, all filters', opaque.clone().removeAlpha().png({ adaptiveFiltering: true })],
    [
      'RGB, interlaced and filtered',
      opaque.clone().png({ progressive: true, adaptiveFiltering: true }),
    ],
    ['a palette', opaque.clone().png({ palette: true })],
    ['a palette of 16 colours', opaque.clone().png({ palette: true, colours: 16, dither: 0 })],
    ['a palette of 4 colours', opaque.clone().png({ palette: true, colours: 4, dither: 0 })],
    [
      'a palette of 2, interlaced',
      opaque.clone().png({ palette: true, colours: 2, progressive: true }),
    ],
    ['a palette with alpha', withAlpha.clone().png({ palette: true })],
    ['grey', opaque.clone().toColourspace('b-w').png()],
    ['grey with alpha', withAlpha.clone().toColourspace('b-w').png()],
  ])('%s', async (_, source) => {
    const png = await source.toBuffer();
    const decoded = pngToRgba(await decodePng(png));
    const expected = await sharp(png).ensureAlpha().toColourspace('srgb').raw().toBuffer();
    expect([decoded.width, decoded.height]).toEqual([33, 21]);
    expect([...decoded.data]).toEqual([...expected]);
  });

  test('16 bits', async () => {
    const words = Uint16Array.from({ length: 33 * 21 * 3 }, (_, i) => (i * 7919) % 65536);
    const raw = { width: 33, height: 21, channels: 3 } as const;
    const png = await sharp(words, { raw }).toColourspace('rgb16').png().toBuffer();
    const { samples, depth } = await decodePng(png);
    expect(depth).toBe(16);
    expect([...samples]).toEqual([...words]);
  });
});

describe('hostile files', () => {
  async function errorOf(bytes: Uint8Array, maxPixels = 1e6): Promise<string> {
    const error: unknown = await decodePng(bytes, { maxPixels }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DocumentError);
    return (error as DocumentError).code;
  }

  test('what unpacks to more than the header says is not unpacked further', async () => {
    const levels = new Uint8Array(1e6).fill(7);
    const png = await bytesOf(await encodeGreyPng(levels, { width: 1000, height: 1000 }));
    png.writeUInt32BE(10, 20); // the height
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    const { height, samples } = await decodePng(png, { maxPixels: 10_000 });
    expect([height, samples.length]).toEqual([10, 10_000]);
  });

  test('too many pixels are refused before anything is unpacked', async () => {
    const png = await bytesOf(
      await encodeGreyPng(new Uint8Array(10_000), { width: 100, height: 100 }),
    );
    expect(await errorOf(png, 9999)).toBe('too-large');
  });

  test('cut off anywhere', async () => {
    const png = await bytesOf(await encodePng(samplePicture(9, 7)));
    for (let length = 0; length < png.length; length++) {
      const code = await errorOf(png.subarray(0, length));
      expect(code).toBe(length < 8 ? 'unknown-format' : 'damaged');
    }
  });

  test('bytes changed anywhere end in a typed error or in pixels', async () => {
    const png = await bytesOf(await encodePng(samplePicture(9, 7), { text: { a: 'b' } }));
    const change = fc.record({ at: fc.nat({ max: png.length - 1 }), value: fc.nat({ max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = new Uint8Array(png);
        for (const { at, value } of changes) bytes[at] = value;
        const outcome: unknown = await decodePng(bytes, { maxPixels: 1e6 }).then(
          ({ samples }) => samples,
          (error: unknown) => error,
        );
        expect(
          outcome instanceof DocumentError ||
            outcome instanceof Uint8Array ||
            outcome instanceof Uint16Array,
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
