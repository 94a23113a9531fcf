/** Where browsers give less than usual. */
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { StudioBrowser, type StudioPage } from './studio-page.ts';

describe.skipIf(isBrowserMissing)(`hard places${browserHint}`, { timeout: 120_000 }, () => {
  let browser: StudioBrowser;
  beforeAll(async () => {
    browser = await StudioBrowser.open();
  }, 180_000);
  afterAll(() => browser?.close());

  async function segmentOne(studio: StudioPage): Promise<void> {
    await studio.openSample('Cat');
    await studio.click(225, 150);
    await studio.page.getByRole('button', { name: /^Keep/ }).click();
    await studio.page.getByRole('tab', { name: 'Objects' }).click();
    await studio.page.getByRole('row', { name: /Object 1/ }).waitFor();
  }

  test('a screen of 320 pixels: everything can be reached, nothing scrolls sideways', async () => {
    const studio = await browser.visit(undefined, {
      viewport: { width: 320, height: 568 },
      hasTouch: true,
      isMobile: true,
    });
    const { page } = studio;
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBe(0);
    await segmentOne(studio);
    expect(await overflow()).toBe(0);
    for (const name of ['Undo', /^Model:/, 'Export', 'More', 'Box', 'Find everything']) {
      const box = await page
        .getByRole('button', { name })
        .or(page.getByRole('radio', { name }))
        .first()
        .boundingBox();
      expect({ name, isInside: box !== null && box.x >= 0 && box.x + box.width <= 320 }).toEqual({
        name,
        isInside: true,
      });
    }
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('dialog', { name: 'Export' }).waitFor();
    expect(await overflow()).toBe(0);
    expect(studio.failures).toEqual([]);
    await studio.close();
  });

  test('a picture that is opened before the engine has started is encoded when it has', async () => {
    const studio = await browser.visit(undefined, {}, (page) =>
      page.addInitScript(() => {
        const begun = performance.now();
        const Native = Worker;
        // As long as a slow machine takes for the worker, and longer than reading a picture takes.
        globalThis.Worker = function (url: string | URL, options?: WorkerOptions) {
          const worker = new Native(url, options);
          const delay = String(url).includes('engine-worker') ? 6000 : 0;
          const post = worker.postMessage.bind(worker);
          worker.postMessage = (message: unknown, more?: object) => {
            const send = (): void => post(message, more);
            const left = begun + delay - performance.now();
            if (left > 0) setTimeout(send, left);
            else send();
          };
          return worker;
        } as unknown as typeof Worker;
      }),
    );
    await studio.page.getByRole('button', { name: /^Cat/ }).click();
    await studio.whenReady();
    expect(await studio.page.getByText('could not be opened').count()).toBe(0);
    await studio.click(225, 150);
    await studio.page.getByRole('button', { name: /^Keep/ }).click();
    expect(studio.failures).toEqual([]);
    await studio.close();
  });

  test('storage denied: works, for this visit', async () => {
    const studio = await browser.visit(undefined, {}, (page) =>
      page.addInitScript(() => {
        const denied = (): DOMException => new DOMException('denied', 'SecurityError');
        const reject = (): Promise<never> => Promise.reject(denied());
        const fail = (): never => {
          throw denied();
        };
        for (const name of ['localStorage', 'sessionStorage']) {
          Object.defineProperty(globalThis, name, { get: fail });
        }
        indexedDB.open = fail;
        caches.open = reject;
        caches.match = reject;
        navigator.storage.getDirectory = reject;
        navigator.serviceWorker.register = reject;
      }),
    );
    await segmentOne(studio);
    expect(studio.failures).toEqual([]);
    await studio.close();
  });

  test('a sandboxed frame, which has neither storage nor workers', async () => {
    // A page of the same site, but without its policy, which allows no frames.
    const studio = await browser.visit('host', {}, (page) =>
      page.route('**/host', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html><iframe sandbox="allow-scripts allow-downloads" src="./?backend=onnx"
            style="position:fixed;inset:0;width:100%;height:100%;border:0"></iframe>`,
        }),
      ),
    );
    const { page } = studio;
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: /^Cat/ }).click();
    await frame.getByText(/^encoded in/).waitFor();
    await studio.click(225, 150, frame);
    await frame.getByRole('button', { name: /^Keep/ }).click();
    await frame.getByRole('row', { name: /Object 1/ }).waitFor();
    expect(studio.failures).toEqual([]);
    await studio.close();
  });

  test('a part of the Studio that does not arrive: is told, and the rest goes on', async () => {
    const studio = await browser.visit(undefined, { serviceWorkers: 'block' }, (page) =>
      page.route('**/ShortcutsWindow-*.js', (route) => route.abort()),
    );
    const { page } = studio;
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('?');
    const notice = page.getByRole('alertdialog', {
      name: 'A part of the Studio could not be loaded',
    });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Load again' }).waitFor();
    await notice.getByRole('button', { name: 'Close' }).click();
    await segmentOne(studio);
    expect(studio.failures).toEqual([]);
    await studio.close();
  });
});
