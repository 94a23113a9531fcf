/** Files, clipboard and storage in a real browser. */
import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, normalize } from 'node:path';

import {
  browserHint,
  buildPage,
  isBrowserMissing,
  launchBrowser,
  mediaTypeOf,
} from '@samgpu/testing/browser';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import './fixtures/page/globals.ts';
import type { ExportOptions, FormatId } from './index.ts';

/** Choices that can be sent to a page. */
type PlainOptions = Omit<ExportOptions, 'picture' | 'session'>;

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path === '/frame.html') {
      // A frame without an origin of its own: no storage, no locks, and no workers of this site.
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<iframe sandbox="allow-scripts" src="/"></iframe>');
      return;
    }
    const file = join(folder, path === '/' ? 'index.html' : path);
    readFile(file).then(
      (content) => {
        const type = mediaTypeOf(file);
        response.writeHead(200, { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' });
        response.end(content);
      },
      () => {
        response.writeHead(404).end();
      },
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

describe.skipIf(isBrowserMissing)(`files in a page${browserHint}`, () => {
  let folder: string;
  let server: Server;
  let browser: Browser;
  let origin: string;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    folder = await buildPage(new URL('fixtures/page/', import.meta.url));
    server = await serve(folder);
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    // A name that counts as secure: clipboard, storage and locks want that.
    origin = `http://localhost:${address.port}`;
    browser = await launchBrowser();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true });
  });

  async function newContext(): Promise<BrowserContext> {
    const context = await browser.newContext();
    contexts.push(context);
    return context;
  }

  async function open(context: BrowserContext, path = '/'): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.goto(`${origin}${path}`);
    if (path === '/') await ready(page);
    return page;
  }

  const ready = async (page: Page | Frame): Promise<void> => {
    await page.waitForFunction(() => 'filesPage' in globalThis);
  };

  const formats: readonly (readonly [FormatId, PlainOptions, string])[] = [
    ['psd', {}, 'sample.psd'],
    ['openraster', {}, 'sample.ora'],
    ['svg', {}, 'sample.svg'],
    ['svg', { svgPicture: 'embedded' }, 'sample.svg'],
    ['coco', { segmentation: 'polygons' }, 'sample.coco.json'],
    ['mask', { form: 'separately' }, 'sample.mask.zip'],
    ['project', {}, 'sample.samgpu'],
  ];

  test.each(formats)(
    '%s %j is written in a worker and opened again',
    async (format, options, name) => {
      const page = await open(await newContext());
      const result = await page.evaluate(
        ({ format, options }) => globalThis.filesPage.roundTrip(format, options),
        { format, options },
      );
      expect(result.name).toBe(name);
      const keepsSoftEdges = format !== 'svg' && format !== 'coco';
      expect(result.objects).toEqual(
        result.wanted.map((object) => (keepsSoftEdges ? object : { ...object, isSoft: false })),
      );
      expect(result.samePicture).toBe(result.kind === 'picture' ? true : undefined);
    },
  );

  test('in a sandboxed frame: no storage, no worker, and all formats all the same', async () => {
    const page = await open(await newContext(), '/frame.html');
    const frame = page.frames().at(1)!;
    await ready(frame);
    expect(await frame.evaluate(() => globalThis.filesPage.notKeptBecause())).toMatch(/Security/);
    for (const [format, options] of formats) {
      const result = await frame.evaluate(
        ({ format, options }) => globalThis.filesPage.roundTrip(format, options),
        { format, options },
      );
      expect(result.objects).toHaveLength(3);
    }
    // Projects live as long as the page does.
    const id = await frame.evaluate(() => globalThis.filesPage.create(1));
    await frame.evaluate(() => globalThis.filesPage.save(2));
    expect(await frame.evaluate(() => globalThis.filesPage.flush())).toBe('saved');
    await frame.evaluate(() => globalThis.filesPage.close());
    const restored = await frame.evaluate((id) => globalThis.filesPage.restore(id), id);
    expect(restored).toMatchObject({ state: { number: 2 }, bytes: 1000 });
  });

  test('a picture of 6 megapixels is written while the page lives, or stopped at once', async () => {
    const page = await open(await newContext());
    const { size, longestGap } = await page.evaluate(() =>
      globalThis.filesPage.writeLarge('psd', 3000, 2000),
    );
    expect(size).toBeGreaterThan(1e6);
    // Copying the picture to the worker is all that holds up the page; here two cores do everything.
    expect(longestGap).toBeLessThan(1500);
    const stopped = await page.evaluate(() => globalThis.filesPage.abortLarge());
    expect(stopped.message).toBe('stopped');
  });

  describe('the clipboard', () => {
    test('takes a PNG with its transparency', async () => {
      const context = await newContext();
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
      const page = await open(context);
      expect(await page.evaluate(() => globalThis.filesPage.copy('png'))).toBe('copied');
      const { pixels } = await page.evaluate(() => globalThis.filesPage.readClipboard());
      const alpha = await page.evaluate(() => globalThis.filesPage.cutout());
      expect(pixels.length).toBe(4 * alpha.length);
      const isSeen = (i: number): boolean => (pixels.at(4 * i + 3) ?? 0) > 0;
      expect(
        alpha.map((level, i) => level > 1 === isSeen(i)).filter((same) => !same).length,
      ).toBeLessThan(20);
    });

    test('takes an SVG as text', async () => {
      const context = await newContext();
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
      const page = await open(context);
      expect(await page.evaluate(() => globalThis.filesPage.copy('svg'))).toBe('copied');
      const { types, text } = await page.evaluate(() => globalThis.filesPage.readClipboard());
      expect(types).toContain('text/plain');
      expect(text).toMatch(/^<svg xmlns=.*<path .*<\/svg>\n$/s);
    });

    test('says why when there is nothing to copy, and when it may not', async () => {
      const context = await newContext();
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
      const page = await open(context);
      expect(await page.evaluate(() => globalThis.filesPage.copyNothing())).toBe('no-objects');
      const frames = await open(await newContext(), '/frame.html');
      const frame = frames.frames().at(1)!;
      await ready(frame);
      expect(await frame.evaluate(() => globalThis.filesPage.copy('png'))).toMatch(
        /^clipboard-(denied|missing): /,
      );
    });
  });

  describe('the project store', () => {
    test('keeps a project over a reload, and over a tab that is killed while it saves', async () => {
      const context = await newContext();
      const first = await open(context);
      expect(await first.evaluate(() => globalThis.filesPage.notKeptBecause())).toBeUndefined();
      const id = await first.evaluate(() => globalThis.filesPage.create(1));
      await first.evaluate(() => globalThis.filesPage.save(2));
      // By itself, soon.
      await expect
        .poll(() => first.evaluate(() => globalThis.filesPage.list()))
        .toEqual([{ id, objects: 2, isOpen: true }]);
      await first.reload();
      await ready(first);
      const restored = await first.evaluate((id) => globalThis.filesPage.restore(id), id);
      expect(restored).toEqual({ state: { number: 2 }, bytes: 1000, first: 7 });

      await first.evaluate(() => globalThis.filesPage.saveHuge(150));
      await first.close();
      const second = await open(context);
      // The lock of a tab that is killed while it is busy takes a moment to be free.
      let after: unknown;
      await expect
        .poll(async () => {
          after = await second.evaluate((id) => globalThis.filesPage.restore(id), id);
          return after;
        })
        .toMatchObject({ bytes: 1000 });
      // Whichever state was written last as a whole: never a part of one.
      const { number } = (after as { state: { number: number } }).state;
      expect([2, 999]).toContain(number);
    });

    test('a project is open in one tab at a time', async () => {
      const context = await newContext();
      const first = await open(context);
      const second = await open(context);
      const id = await first.evaluate(() => globalThis.filesPage.create(1));
      expect(await second.evaluate((id) => globalThis.filesPage.restore(id), id)).toBe('in-use');
      expect(await second.evaluate((id) => globalThis.filesPage.remove(id), id)).toBe('in-use');
      expect(await second.evaluate(() => globalThis.filesPage.list())).toEqual([
        { id, objects: 1, isOpen: true },
      ]);
      await first.evaluate(() => globalThis.filesPage.close());
      expect(await second.evaluate((id) => globalThis.filesPage.restore(id), id)).toMatchObject({
        state: { number: 1 },
      });
      await second.evaluate(() => globalThis.filesPage.close());
      expect(await first.evaluate((id) => globalThis.filesPage.remove(id), id)).toBe('deleted');
      expect(await second.evaluate(() => globalThis.filesPage.list())).toEqual([]);
    });

    test('without room the last state stays', async () => {
      const context = await newContext();
      const page = await open(context);
      const id = await page.evaluate(() => globalThis.filesPage.create(1));
      const session = await context.newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 20_000 });
      await page.evaluate(() => globalThis.filesPage.saveHuge(2));
      expect(await page.evaluate(() => globalThis.filesPage.flush())).toBe('no-space');
      await session.send('Storage.overrideQuotaForOrigin', { origin });
      await page.reload();
      await ready(page);
      expect(await page.evaluate((id) => globalThis.filesPage.restore(id), id)).toMatchObject({
        state: { number: 1 },
      });
    });
  });
});
