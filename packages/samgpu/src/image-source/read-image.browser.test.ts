import { fileURLToPath } from 'node:url';

import {
  browserHint,
  isBrowserMissing,
  launchBrowser,
  SOURCE_CONDITIONS,
} from '@samgpu/testing/browser';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { readImage as ReadImage } from './index.ts';

declare global {
  var imageSource: { readonly readImage: typeof ReadImage };
  /** Decodes base64 to the bytes of a file. */
  var bytesOf: (base64: string) => Uint8Array<ArrayBuffer>;
  /** What can be sent out of the page of an image. */
  var summaryOf: (image: Awaited<ReturnType<typeof ReadImage>>) => Summary;
  var errorOf: (promise: Promise<unknown>) => Promise<{ code: unknown; message: string }>;
}

interface Summary {
  readonly size: readonly [width: number, height: number, channels: number];
  /** The first three channels in the middle of each quadrant, from left to right and down. */
  readonly quadrants: readonly (readonly number[])[];
}

const colors = [
  [0xc0, 0x40, 0x20],
  [0x20, 0xa0, 0x40],
  [0x30, 0x50, 0xd0],
  [0xe0, 0xd0, 0xa0],
];
const quadrants = sharp(
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="48" height="32">
      <rect width="24" height="16" fill="#c04020"/><rect x="24" width="24" height="16" fill="#20a040"/>
      <rect y="16" width="24" height="16" fill="#3050d0"/><rect x="24" y="16" width="24" height="16" fill="#e0d0a0"/>
    </svg>`,
  ),
).removeAlpha();

function expectQuadrants({ size, quadrants }: Summary, tolerance: number): void {
  expect(size).toEqual([48, 32, 4]);
  const expected = colors.flat();
  const differences = quadrants.flat().map((value, i) => Math.abs(value - expected.at(i)!));
  expect(differences).toHaveLength(12);
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
}

/** The module as an application's bundler makes it, for a script element. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: [...SOURCE_CONDITIONS] },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('index.ts', import.meta.url)),
        name: 'imageSource',
        formats: ['iife'],
      },
    },
  });
  const [output] = result as Rolldown.RolldownOutput[];
  const chunks = output!.output;
  expect(chunks).toHaveLength(1);
  return chunks[0].code;
}

describe.skipIf(isBrowserMissing)(`readImage in Chromium${browserHint}`, () => {
  let browser: Browser;
  let page: Page;
  let code: string;

  beforeAll(async () => {
    code = await bundle();
    browser = await launchBrowser();
    page = await browser.newPage();
    // localhost is a secure context, which VideoFrame needs. Nothing listens there.
    await page.route('http://localhost/', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: code });
    await page.evaluate(() => {
      globalThis.bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      globalThis.summaryOf = ({ width, height, channels, data }) => {
        const at = (x: number, y: number): number[] => {
          const start = (Math.floor(y * height) * width + Math.floor(x * width)) * channels;
          return [...data.subarray(start, start + 3)];
        };
        return {
          size: [width, height, channels],
          quadrants: [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)],
        };
      };
      globalThis.errorOf = async (promise) => {
        const error: unknown = await promise.then(
          () => new Error('no error'),
          (reason: unknown) => reason,
        );
        const { code, message } = error as { code: unknown; message: string };
        return { code, message };
      };
    });
  });
  afterAll(() => browser?.close());

  test('the bundle holds nothing of Node', () => {
    expect(code).toContain('createImageBitmap');
    expect(code).not.toMatch(/node:|require\(|sharp|import\(/);
  });

  test('a JPEG as Blob, File, bytes, Response and image element, turned upright', async () => {
    const stored = await sharp(await quadrants.clone().rotate(270).png().toBuffer())
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const summaries = await page.evaluate(async (base64) => {
      const bytes = bytesOf(base64);
      const element = new Image();
      element.src = `data:image/jpeg;base64,${base64}`; // not loaded yet when it is read
      const sources = [
        new Blob([bytes]),
        new File([bytes], 'a.jpg'),
        bytes,
        bytes.buffer,
        new Response(bytes),
        element,
      ];
      return Promise.all(
        sources.map(async (source) => summaryOf(await imageSource.readImage(source))),
      );
    }, stored.toString('base64'));
    expect(summaries).toHaveLength(6);
    for (const summary of summaries) expectQuadrants(summary, 4);
  });

  test.each(['png', 'webp', 'avif', 'gif'] as const)('a Blob of %s', async (format) => {
    const bytes = await quadrants.clone().toFormat(format).toBuffer();
    const summary = await page.evaluate(
      async (base64) => summaryOf(await imageSource.readImage(new Blob([bytesOf(base64)]))),
      bytes.toString('base64'),
    );
    expectQuadrants(summary, format === 'png' ? 0 : 6);
  });

  test('a colour profile is converted to sRGB', async () => {
    const bytes = await quadrants.clone().withIccProfile('p3').png().toBuffer();
    const summary = await page.evaluate(
      async (base64) => summaryOf(await imageSource.readImage(new Blob([bytesOf(base64)]))),
      bytes.toString('base64'),
    );
    expectQuadrants(summary, 2);
  });

  test('canvases, bitmaps, frames and videos; the bitmap of the caller stays open', async () => {
    const bytes = await quadrants.clone().png().toBuffer();
    const { summaries, bitmapWidth } = await page.evaluate(async (base64) => {
      const bitmap = await createImageBitmap(new Blob([bytesOf(base64)]));
      const canvas = document.createElement('canvas');
      const offscreen = new OffscreenCanvas(48, 32);
      [canvas.width, canvas.height] = [48, 32];
      canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
      offscreen.getContext('2d')!.drawImage(bitmap, 0, 0);
      const frame = new VideoFrame(bitmap, { timestamp: 0 });
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = canvas.captureStream();
      await video.play();
      const sources = [bitmap, canvas, offscreen, frame, video];
      const summaries = [];
      for (const source of sources) summaries.push(summaryOf(await imageSource.readImage(source)));
      frame.close();
      return { summaries, bitmapWidth: bitmap.width };
    }, bytes.toString('base64'));
    expect(summaries).toHaveLength(5);
    // A video frame goes through YUV.
    for (const summary of summaries) expectQuadrants(summary, 3);
    expect(bitmapWidth).toBe(48);
  });

  test('ImageData in sRGB is used in place, in Display P3 it is converted', async () => {
    const { isSame, converted } = await page.evaluate(async () => {
      const plain = new ImageData(2, 1);
      const read = await imageSource.readImage(plain);
      const wide = new ImageData(Uint8ClampedArray.of(235, 84, 52, 255), 1, 1, {
        colorSpace: 'display-p3',
      });
      const { data } = await imageSource.readImage(wide);
      return { isSame: read.data === plain.data, converted: [...data] };
    });
    expect(isSame).toBe(true);
    // 235, 84, 52 in Display P3 is 255, 68, 34 in sRGB.
    const differences = converted.map((value, i) => Math.abs(value - [255, 68, 34, 255].at(i)!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(2);
  });

  test('alpha is straight', async () => {
    const background = { r: 200, g: 100, b: 50, alpha: 0.5 };
    const bytes = await sharp({ create: { width: 3, height: 2, channels: 4, background } })
      .png()
      .toBuffer();
    const pixel = await page.evaluate(async (base64) => {
      const { data } = await imageSource.readImage(new Blob([bytesOf(base64)]));
      return [...data.subarray(0, 4)];
    }, bytes.toString('base64'));
    const differences = pixel.map((value, i) => Math.abs(value - [200, 100, 50, 128].at(i)!));
    // The canvas multiplies by alpha in 8 bits and divides again.
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  });

  test('images larger than a tile are put together', async () => {
    const side = 4096;
    const result = await page.evaluate(async (side) => {
      const [width, height] = [side + 904, side + 4];
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d')!;
      const points = [0, side - 1, side, width - 1].flatMap((x) =>
        [0, side - 1, side, height - 1].map((y) => ({ x, y })),
      );
      for (const [i, { x, y }] of points.entries()) {
        context.fillStyle = `rgb(${10 * i + 10}, 7, 9)`;
        context.fillRect(x, y, 1, 1);
      }
      const image = await imageSource.readImage(canvas);
      const reds = points.map(({ x, y }) => image.data[(y * image.width + x) * 4]);
      return { reds, size: [image.width, image.height], length: image.data.length };
    }, side);
    expect(result.size).toEqual([5000, 4100]);
    expect(result.length).toBe(5000 * 4100 * 4);
    expect(result.reds).toEqual(Array.from({ length: 16 }, (_, i) => 10 * i + 10));
  });

  test('errors name the source, what was found and what to do', async () => {
    const bytes = await quadrants.clone().png().toBuffer();
    const errors = await page.evaluate(async (base64) => {
      const blob = new Blob([bytesOf(base64)]);
      const closed = await createImageBitmap(blob);
      closed.close();
      const broken = new Image();
      broken.src = 'data:image/png;base64,AAAA';
      const { readImage } = imageSource;
      return {
        tooLarge: await errorOf(readImage(blob, { maxPixels: 1000 })),
        largeCanvas: await errorOf(readImage(new OffscreenCanvas(40, 40), { maxPixels: 1000 })),
        text: await errorOf(readImage(new File(['hello there'], 'notes.png'))),
        header: await errorOf(readImage(blob.slice(0, 40))),
        truncated: await errorOf(readImage(blob.slice(0, blob.size * 0.6))),
        empty: await errorOf(readImage(new Blob([]))),
        closed: await errorOf(readImage(closed)),
        broken: await errorOf(readImage(broken)),
        video: await errorOf(readImage(document.createElement('video'))),
        path: await errorOf(readImage('photo.jpg')),
        url: await errorOf(readImage(new URL('http://localhost/a.jpg'))),
        missing: await errorOf(readImage(new Response('', { status: 404 }))),
        aborted: await errorOf(readImage(blob, { signal: AbortSignal.abort(new Error('left')) })),
      };
    }, bytes.toString('base64'));
    const codes = Object.fromEntries(
      Object.entries(errors).map(([name, { code }]) => [name, code]),
    );
    expect(codes).toEqual({
      tooLarge: 'too-large',
      largeCanvas: 'too-large',
      text: 'corrupt',
      header: 'corrupt',
      truncated: 'corrupt',
      empty: 'empty',
      closed: 'empty',
      broken: 'unreadable',
      video: 'unreadable',
      path: 'unsupported-source',
      url: 'unsupported-source',
      missing: 'unreadable',
      aborted: undefined,
    });
    expect(errors.tooLarge.message).toContain('48 x 32, 1536 pixels; the limit is 1000');
    expect(errors.text.message).toContain('notes.png');
    expect(errors.text.message).toContain('text that begins with');
    expect(errors.url.message).toContain('fetch first');
    expect(errors.aborted.message).toBe('left');
  });

  test('a canvas tainted by another origin', async () => {
    await page.route('http://elsewhere.test/a.png', async (route) =>
      route.fulfill({
        contentType: 'image/png',
        body: await quadrants.clone().png().toBuffer(),
        headers: { 'cross-origin-resource-policy': 'cross-origin' },
      }),
    );
    const error = await page.evaluate(async () => {
      const image = new Image();
      image.src = 'http://elsewhere.test/a.png';
      await image.decode();
      return errorOf(imageSource.readImage(image));
    });
    expect(error.code).toBe('unreadable');
    expect(error.message).toContain('crossOrigin');
  });
});
