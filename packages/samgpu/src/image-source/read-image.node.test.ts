import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';

import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ImageError, type ImageErrorCode } from './image-error.ts';
import type { PixelImage } from './pixel-image.ts';
import { readImage } from './read-image.node.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-image-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

// Quadrants of different colours, 48 x 32, so that every turn and flip gives other pixels.
const quadrants = sharp(
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="32">
      <rect width="24" height="16" fill="#c04020"/><rect x="24" width="24" height="16" fill="#20a040"/>
      <rect y="16" width="24" height="16" fill="#3050d0"/><rect x="24" y="16" width="24" height="16" fill="#e0d0a0"/>
    </svg>`,
  ),
).removeAlpha();
const colors = {
  topLeft: [0xc0, 0x40, 0x20],
  topRight: [0x20, 0xa0, 0x40],
  bottomLeft: [0x30, 0x50, 0xd0],
  bottomRight: [0xe0, 0xd0, 0xa0],
};

/** The centres of the quadrants, away from edges that compression blurs. */
function quadrantsOf(image: PixelImage): typeof colors {
  const at = (x: number, y: number): number[] => {
    const start = (y * image.width + x) * image.channels;
    return [...image.data.subarray(start, start + 3)];
  };
  return {
    topLeft: at(12, 8),
    topRight: at(36, 8),
    bottomLeft: at(12, 24),
    bottomRight: at(36, 24),
  };
}

function expectQuadrants(image: PixelImage, tolerance: number): void {
  expect([image.width, image.height]).toEqual([48, 32]);
  const actual = Object.values(quadrantsOf(image)).flat();
  const worst = Object.values(colors)
    .flat()
    .reduce((most, value, i) => Math.max(most, Math.abs(value - actual.at(i)!)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

async function errorOf(promise: Promise<unknown>): Promise<ImageError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ImageError);
  return error as ImageError;
}

describe('readImage in Node: formats', () => {
  test.each([
    // Lossless files give the very colours; the others stay within their own loss.
    { format: 'png', tolerance: 0 },
    { format: 'tiff', tolerance: 0 },
    { format: 'gif', tolerance: 3 },
    { format: 'jpeg', tolerance: 3 },
    { format: 'webp', tolerance: 6 },
    { format: 'avif', tolerance: 6 },
  ] as const)('$format', async ({ format, tolerance }) => {
    const bytes = await quadrants
      .clone()
      .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {})
      .toBuffer();
    const image = await readImage(await write(`plain.${format}`, bytes));
    expect(image.channels).toBe(format === 'gif' ? 4 : 3);
    expectQuadrants(image, tolerance);
  });

  test('a PNG of 16 bits', async () => {
    const bytes = await quadrants.clone().toColourspace('rgb16').png().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    const image = await readImage(bytes);
    expect(image.data).toHaveLength(48 * 32 * 3);
    expectQuadrants(image, 0);
  });

  test('greyscale of 8 and 16 bits becomes RGB', async () => {
    const ramp = Uint8Array.from({ length: 256 }, (_, i) => i);
    const grey = sharp(ramp, { raw: { width: 256, height: 1, channels: 1 } });
    for (const space of ['b-w', 'grey16']) {
      const bytes = await grey.clone().toColourspace(space).png().toBuffer();
      const image = await readImage(bytes);
      expect([image.width, image.height, image.channels]).toEqual([256, 1, 3]);
      expect(image.data).toEqual(Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)));
    }
  });

  test.each(['jpeg', 'tiff'] as const)('CMYK in a %s becomes sRGB', async (format) => {
    for (const color of [
      { r: 0xff, g: 0xff, b: 0xff },
      { r: 0xc0, g: 0x40, b: 0x20 },
      { r: 0x80, g: 0x80, b: 0x80 },
    ]) {
      const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: color } });
      const bytes = await plain.toColourspace('cmyk').toFormat(format).toBuffer();
      expect((await sharp(bytes).metadata()).space).toBe('cmyk');
      const image = await readImage(bytes);
      expect([image.width, image.height, image.channels]).toEqual([8, 8, 3]);
      // Inks do not reach every colour (seen: 29 of 255); inverted inks would be off by over 100.
      const [red, green, blue] = image.data.subarray(0, 3);
      expect(Math.abs(red! - color.r)).toBeLessThan(35);
      expect(Math.abs(green! - color.g)).toBeLessThan(35);
      expect(Math.abs(blue! - color.b)).toBeLessThan(35);
    }
  });

  test('a colour profile is converted to sRGB', async () => {
    const bytes = await quadrants.clone().withIccProfile('p3').png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    // In Display P3 the same red has other numbers, so the test would see a profile ignored.
    expect(stored.readUInt8(0)).toBeLessThan(0xc0 - 5);
    expectQuadrants(await readImage(bytes), 1);
  });

  test('alpha is kept, not premultiplied', async () => {
    const background = { r: 200, g: 100, b: 50, alpha: 0.5 };
    const pixel = sharp({ create: { width: 3, height: 2, channels: 4, background } });
    const image = await readImage(await pixel.webp({ lossless: true }).toBuffer());
    expect(image.channels).toBe(4);
    expect([...image.data.subarray(0, 4)]).toEqual([200, 100, 50, 128]);
  });

  test('an animation gives its first frame', async () => {
    const frame = (background: string): Promise<Buffer> =>
      sharp({ create: { width: 4, height: 4, channels: 3, background } })
        .png()
        .toBuffer();
    const frames = [await frame('#ff0000'), await frame('#0000ff')];
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const image = await readImage(bytes);
    expect([image.width, image.height]).toEqual([4, 4]);
    expect([...image.data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  test('a single pixel', async () => {
    const bytes = await sharp(Uint8Array.of(1, 2, 3), { raw: { width: 1, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const image = await readImage(bytes);
    expect(image).toEqual({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) });
  });
});

describe('readImage in Node: EXIF orientation', () => {
  // What a camera stores for each orientation: the upright picture under the inverse operation.
  const toStored: Record<number, (upright: Sharp) => Sharp> = {
    1: (upright) => upright,
    2: (upright) => upright.flop(),
    3: (upright) => upright.rotate(180),
    4: (upright) => upright.flip(),
    5: (upright) => upright.rotate(270).flop(),
    6: (upright) => upright.rotate(270),
    7: (upright) => upright.rotate(90).flop(),
    8: (upright) => upright.rotate(90),
  };
  const store = async (orientation: number): Promise<Sharp> => {
    const upright = await quadrants.clone().png().toBuffer();
    const stored = toStored[orientation]?.(sharp(upright));
    return sharp(await stored?.png().toBuffer()).withMetadata({ orientation });
  };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is turned upright', async (orientation) => {
    const bytes = await (await store(orientation)).jpeg({ quality: 100 }).toBuffer();
    const metadata = await sharp(bytes).metadata();
    expect(metadata.orientation).toBe(orientation);
    expect(metadata.width).toBe(orientation < 5 ? 48 : 32);
    expectQuadrants(await readImage(bytes), 3);
  });
});

describe('readImage in Node: kinds of sources', () => {
  test('path, file URL, Buffer, ArrayBuffer, Blob, File and Response give the same', async () => {
    const bytes = await quadrants.clone().png().toBuffer();
    const path = await write('with space ä.png', bytes);
    const plain = Uint8Array.from(bytes);
    const sources = [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      bytes,
      plain,
      plain.buffer,
      new Blob([plain]),
      new File([plain], 'a.png'),
      new Response(plain),
    ];
    for (const source of sources) {
      const image = await readImage(source);
      expect(image.channels).toBe(3);
      expectQuadrants(image, 0);
    }
  });

  test('raw pixels are used in place', async () => {
    const data = new Uint8Array(12);
    const image = { width: 2, height: 2, channels: 3, data } as const;
    expect((await readImage(image)).data).toBe(data);
    const rgba = new Uint8ClampedArray(16);
    const passed = await readImage({ width: 2, height: 2, data: rgba });
    expect(passed).toEqual({ width: 2, height: 2, channels: 4, data: rgba });
    expect(passed.data).toBe(rgba);
  });

  test.each<[string, object, ImageErrorCode, string]>([
    ['too few bytes', { width: 2, height: 2, data: new Uint8Array(15) }, 'invalid-pixels', '16'],
    ['no pixels', { width: 0, height: 2, data: new Uint8Array(0) }, 'empty', '0 x 2'],
    ['half a pixel', { width: 1.5, height: 2, data: new Uint8Array(12) }, 'invalid-pixels', '1.5'],
    ['floats', { width: 1, height: 1, data: new Float32Array(4) }, 'invalid-pixels', 'Uint8Array'],
    [
      'one channel',
      { width: 1, height: 1, channels: 1, data: new Uint8Array(1) },
      'invalid-pixels',
      '1 channels',
    ],
    [
      'another colour space',
      { width: 1, height: 1, data: new Uint8ClampedArray(4), colorSpace: 'display-p3' },
      'invalid-pixels',
      'display-p3',
    ],
  ])('raw pixels: %s', async (_, source, code, text) => {
    const error = await errorOf(readImage(source as PixelImage));
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
  });

  test.each([
    ['https://example.org/a.jpg', 'fetch'],
    [new URL('http://example.org/a.jpg'), 'fetch'],
    ['data:image/png;base64,iVBORw0KGgo=', 'fetch'],
    [null, 'null'],
    [new Float32Array(4), 'Float32Array'],
    [{ path: 'a.jpg' }, 'Object'],
  ])('%s is no source', async (source, text) => {
    const error = await errorOf(readImage(source as unknown as PixelImage));
    expect(error.code).toBe('unsupported-source');
    expect(error.message).toContain(text);
  });

  test('a response with an error status or a body that was read', async () => {
    const failed = await errorOf(readImage(new Response('no', { status: 404 })));
    expect(failed.code).toBe('unreadable');
    expect(failed.message).toContain('404');
    const used = new Response('x');
    await used.text();
    expect((await errorOf(readImage(used))).message).toContain('read before');
  });
});

describe('readImage in Node: files that do not read', () => {
  test('missing files, folders and empty files', async () => {
    const missing = join(folder, 'missing.jpg');
    expect(await errorOf(readImage(missing))).toMatchObject({ code: 'not-found' });
    expect((await errorOf(readImage(missing))).message).toContain(missing);
    const inFile = join(await write('file.bin', Uint8Array.of(1)), 'a.jpg');
    expect(await errorOf(readImage(inFile))).toMatchObject({ code: 'not-found' });
    const inside = await errorOf(readImage(folder));
    expect(inside.code).toBe('unreadable');
    expect(inside.message).toContain('folder');
    const empty = await errorOf(readImage(await write('empty.png', new Uint8Array(0))));
    expect(empty.code).toBe('empty');
    expect(empty.message).toContain('empty.png');
    expect(await errorOf(readImage(new Uint8Array(0)))).toMatchObject({ code: 'empty' });
  });

  test.skipIf(process.platform === 'win32')('a device is not read', async () => {
    const error = await errorOf(readImage('/dev/zero'));
    expect(error.code).toBe('unreadable');
    expect(error.message).toContain('device');
  });

  test.each([
    ['notes.jpg', 'not an image', 'text that begins with "not an image"'],
    ['page.png', '<!doctype html>', 'HTML data'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG data'],
    ['paper.pdf', '%PDF-1.7', 'PDF data'],
    ['phone.heic', '\0\0\0\x18ftypheic\0\0\0\0', 'HEIC data'],
    ['bytes.jpg', '\x01\x02\x03\x04', 'the bytes 01 02 03 04'],
  ])('%s is no image that is read', async (name, content, found) => {
    const error = await errorOf(readImage(await write(name, Buffer.from(content, 'latin1'))));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain(name);
    expect(error.message).toContain(found);
  });

  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)(
    'a truncated %s is an error, not half a picture',
    async (format) => {
      const noise = Uint8Array.from(
        { length: 200 * 150 * 3 },
        (_, i) => Math.imul(i, 2654435761) >>> 24,
      );
      const whole = await sharp(noise, { raw: { width: 200, height: 150, channels: 3 } })
        .toFormat(format)
        .toBuffer();
      await expect(readImage(whole)).resolves.toMatchObject({ width: 200 });
      for (const share of [0.02, 0.5, 0.97]) {
        const part = whole.subarray(0, Math.floor(whole.length * share));
        const error = await errorOf(readImage(await write(`part.${format}`, part)));
        expect(error.code).toBe('corrupt');
        expect(error.message).toContain(`part.${format}`);
        expect(error.message).toContain(`${part.length} bytes`);
      }
    },
  );

  test('a damaged PNG', async () => {
    const bytes = await quadrants.clone().png({ compressionLevel: 0 }).toBuffer();
    bytes.fill(0x55, 200, 300);
    expect(await errorOf(readImage(bytes))).toMatchObject({ code: 'corrupt' });
  });
});

describe('readImage in Node: the pixel limit', () => {
  function pngOfSize(width: number, height: number): Uint8Array {
    const chunk = (type: string, data: Uint8Array): Buffer => {
      const typed = Buffer.concat([Buffer.from(type), data]);
      const frame = Buffer.alloc(8);
      frame.writeUInt32BE(data.length, 0);
      frame.writeUInt32BE(crc32(typed), 4);
      return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header.set([8, 2], 8); // bits, RGB
    return Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(new Uint8Array(100))),
      chunk('IEND', new Uint8Array(0)),
    ]);
  }

  test('refuses a small file of 30000 x 30000 before decoding it', async () => {
    const before = process.memoryUsage().rss;
    const error = await errorOf(readImage(await write('bomb.png', pngOfSize(30_000, 30_000))));
    expect(error.code).toBe('too-large');
    for (const part of ['bomb.png', '30000 x 30000', '900000000', '268435456', 'maxPixels']) {
      expect(error.message).toContain(part);
    }
    // Decoded it would be 2.7 GB.
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  test('is the limit that the caller sets', async () => {
    const bytes = await quadrants.clone().png().toBuffer();
    const pixels = 48 * 32;
    await expect(readImage(bytes, { maxPixels: pixels })).resolves.toMatchObject({ width: 48 });
    const error = await errorOf(readImage(bytes, { maxPixels: pixels - 1 }));
    expect(error.code).toBe('too-large');
    expect(await errorOf(readImage(bytes, { maxPixels: NaN }))).toMatchObject({
      code: 'too-large',
    });
    // Beyond the limit the damage of the same file shows, so it was then really decoded.
    const unlimited = readImage(pngOfSize(30_000, 30_000), { maxPixels: Infinity });
    expect(await errorOf(unlimited)).toMatchObject({ code: 'corrupt' });
  });
});

describe('readImage in Node: the rest', () => {
  test('an aborted signal stops it with its reason', async () => {
    const bytes = await quadrants.clone().png().toBuffer();
    const path = await write('abort.png', bytes);
    await expect(readImage(bytes, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    const reason = new Error('the user left');
    for (const source of [bytes, path, new Blob([Uint8Array.from(bytes)])]) {
      const controller = new AbortController();
      const reading = readImage(source, { signal: controller.signal });
      controller.abort(reason);
      await expect(reading).rejects.toThrow(reason);
    }
  });

  test('without sharp the error says how to install it', async () => {
    // A copy of the sources outside of any package cannot see the installed sharp.
    const copy = join(folder, 'no-sharp', 'image-source');
    await mkdir(copy, { recursive: true });
    await cp(fileURLToPath(new URL('.', import.meta.url)), copy, { recursive: true });
    await writeFile(join(folder, 'no-sharp', 'package.json'), '{ "type": "module" }');
    const module = pathToFileURL(join(copy, 'read-image.node.ts')).href;
    const script = `
      const { readImage } = await import(${JSON.stringify(module)});
      const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
      const error = await readImage(png).catch((error) => error);
      console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message }));
      const raw = await readImage({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) });
      console.log(raw.width);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      script,
    ]);
    const [error = '', width] = stdout.trim().split('\n');
    expect(JSON.parse(error)).toMatchObject({ name: 'ImageError', code: 'missing-decoder' });
    expect(error).toContain('npm install sharp');
    expect(width).toBe('1');
  });
});
