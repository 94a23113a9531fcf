/** `<sam-canvas>`: errors, leaving the document, frames without rights, and what a page may set. */
import { browserHint, isBrowserMissing, ORIGIN } from '@samgpu/testing/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CanvasBrowser, type CanvasPage } from './fixtures/canvas-page.ts';
import type { SamCanvas } from './index.ts';

const DISC = Math.PI * 60 ** 2;

describe.skipIf(isBrowserMissing)(`<sam-canvas> comes and goes${browserHint}`, () => {
  let browser: CanvasBrowser;
  let canvas: CanvasPage;

  beforeAll(async () => {
    browser = await CanvasBrowser.start(['--js-flags=--expose-gc']);
    canvas = await browser.open();
  });
  beforeEach(() => canvas.clear());
  afterEach(() => browser.expectNoErrors());
  afterAll(() => browser?.close());

  const errors = async (): Promise<Record<string, unknown>[]> =>
    (await canvas.events('sam-error')).map(({ detail }) => detail['error'] as never);

  test('a picture that is not there is told once, and another one mends it', async () => {
    await canvas.add({ src: '/missing.jpg' }, { drawn: false });
    await canvas.page.waitForFunction(() =>
      globalThis.made.events.some((e) => e.name === 'sam-error'),
    );
    expect(await errors()).toMatchObject([{ name: 'SamCanvasError', code: 'bad-source' }]);
    const { error } = await canvas.look();
    expect(error).toContain('"/missing.jpg" was answered with HTTP status 404');
    await canvas.evaluate((element) => {
      element.src = '/photo.jpg';
    });
    await canvas.ready();
    expect((await canvas.look()).error).toBe('');
    expect((await canvas.look()).view.scale).toBe(1);
    expect(await errors()).toHaveLength(1);
  });

  test('what is no picture is told, and tried again by a button', async () => {
    let attempts = 0;
    await canvas.page.route('**/flaky.jpg', async (route) => {
      attempts += 1;
      if (attempts > 1) await route.fallback({ url: `${ORIGIN}/photo.jpg` });
      else await route.fulfill({ contentType: 'image/jpeg', body: 'no picture' });
    });
    await canvas.add({ src: '/flaky.jpg' }, { drawn: false });
    const retry = canvas.page.getByRole('button', { name: 'Try again' });
    await retry.waitFor();
    expect((await canvas.look()).error).toContain('src="/flaky.jpg" is no picture: ');
    await retry.click();
    await canvas.ready();
    expect((await canvas.look()).error).toBe('');
    expect(await errors()).toMatchObject([{ code: 'bad-source' }]);
    await canvas.page.unroute('**/flaky.jpg');
  });

  test.each([
    ['unknown', 'No model "unknown"; "nano" are registered'],
    ['', 'No model ""'],
  ])('a model that nobody registered: "%s"', async (model, message) => {
    await canvas.add({ model });
    await canvas.page.waitForFunction(() =>
      globalThis.made.events.some((e) => e.name === 'sam-error'),
    );
    expect(await errors()).toMatchObject([{ code: 'no-model' }]);
    expect((await canvas.look()).error).toContain(message);
    await canvas.evaluate((element) => element.removeAttribute('model'));
    await canvas.ready();
    expect((await canvas.look()).error).toBe('');
    await canvas.click(140, 150);
    expect((await canvas.look()).area! / DISC).toBeGreaterThan(0.9);
  });

  test('what a model cannot do is told, and does no harm', async () => {
    await canvas.add();
    await canvas.ready();
    await canvas.evaluate((element) => {
      element.session!.addPoint({ x: 5, y: 5 });
      element.session!.removePrompt(element.snapshot!.prompts[0]!.id);
      return element.session!.settled();
    });
    expect(await errors()).toEqual([]);
  });

  test('properties that were set before it was defined count', async () => {
    const state = await canvas.page.evaluate(async () => {
      const { SamCanvas: Defined, draw } = globalThis.made;
      const early = document.createElement('sam-later') as SamCanvas;
      early.image = draw();
      early.tool = 'box';
      early.overlay = { fill: 0.9 };
      early.style.cssText = 'width: 300px';
      document.getElementById('main')!.append(early);
      customElements.define('sam-later', class extends Defined {});
      while (early.snapshot?.state !== 'ready') {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { height } = early.getBoundingClientRect();
      const { tool, overlay } = early;
      early.remove();
      return { tool, overlay, height };
    });
    // Without a height of its own it has the shape of its picture.
    expect(state).toEqual({ tool: 'box', overlay: { fill: 0.9 }, height: 225 });
  });

  test('moved in the document it keeps everything; removed it frees everything', async () => {
    await canvas.addReady();
    await canvas.click(140, 150);
    await canvas.evaluate((element) => {
      const wrapper = document.createElement('div');
      element.parentElement!.append(wrapper);
      wrapper.append(element);
      wrapper.parentElement!.append(element);
    });
    await canvas.page.waitForTimeout(50);
    expect((await canvas.look()).prompts).toHaveLength(1);

    const freed = await canvas.page.evaluate(async () => {
      const element = document.querySelector<SamCanvas>('#main > sam-canvas')!;
      const session = element.session!;
      let frames = 0;
      const request = globalThis.requestAnimationFrame;
      globalThis.requestAnimationFrame = (callback) => {
        frames += 1;
        return request(callback);
      };
      await new Promise((resolve) => setTimeout(resolve, 100));
      const marching = frames;
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 20));
      frames = 0;
      await new Promise((resolve) => setTimeout(resolve, 100));
      globalThis.requestAnimationFrame = request;
      let refusal = '';
      try {
        session.addPoint({ x: 1, y: 1 });
      } catch (error) {
        refusal = (error as { code: string }).code;
      }
      const root = element.shadowRoot!;
      const [image] = root.querySelectorAll('canvas');
      return {
        marches: marching > 0,
        frames,
        refusal,
        canvases: root.querySelectorAll('canvas').length,
        pixels: image!.width * image!.height,
        handles: root.querySelectorAll('.handle').length,
        session: element.session,
      };
    });
    expect(freed).toEqual({
      marches: true,
      frames: 0,
      refusal: 'disposed',
      canvases: 1,
      pixels: 0,
      handles: 0,
      session: null,
    });
  });

  test('it starts anew when it comes back', async () => {
    await canvas.addReady();
    await canvas.click(140, 150);
    await canvas.evaluate(async (element) => {
      const { parentElement } = element;
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 30));
      parentElement!.append(element);
    });
    await canvas.ready();
    expect((await canvas.look()).prompts).toEqual([]);
    await canvas.click(140, 150);
    expect((await canvas.look()).area! / DISC).toBeGreaterThan(0.9);
  });

  test('nothing keeps a removed element alive, nor its bitmaps', async () => {
    const counts = await canvas.page.evaluate(async () => {
      const { gc } = globalThis as unknown as { gc: () => void };
      let [open, before] = [0, 0];
      const create = globalThis.createImageBitmap;
      globalThis.createImageBitmap = (async (...parameters: Parameters<typeof create>) => {
        const bitmap = await create(...parameters);
        open += 1;
        const close = bitmap.close.bind(bitmap);
        bitmap.close = () => {
          open -= 1;
          close();
        };
        return bitmap;
      }) as typeof create;
      const references: WeakRef<object>[] = [];
      const use = async (): Promise<void> => {
        const element = document.createElement('sam-canvas');
        element.style.cssText = 'width: 300px';
        // Several tiles, and levels below them.
        element.image = globalThis.made.draw(3000);
        document.getElementById('main')!.append(element);
        while (element.snapshot?.state !== 'ready') {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        element.zoomTo(1);
        element.session!.addPoint({ x: 1000, y: 1100 });
        await element.session!.settled();
        await new Promise((resolve) => setTimeout(resolve, 100));
        references.push(new WeakRef(element), new WeakRef(element.session!));
        before = open;
        element.remove();
      };
      await use();
      for (let i = 0; i < 20 && references.some((one) => one.deref()); i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        gc();
      }
      globalThis.createImageBitmap = create;
      return { before, open, alive: references.map((one) => one.deref() !== undefined) };
    });
    expect(counts.before).toBeGreaterThan(3);
    expect(counts).toMatchObject({ open: 0, alive: [false, false] });
  });

  test('people who want less motion see ants that stand still', async () => {
    await canvas.page.emulateMedia({ reducedMotion: 'reduce' });
    await canvas.addReady();
    await canvas.click(140, 150);
    const shots = async (): Promise<boolean> => {
      const shot = (): Promise<string> =>
        canvas.evaluate((element) => {
          const [, , ants] = element.shadowRoot!.querySelectorAll('canvas');
          return ants!.toDataURL();
        });
      const first = await shot();
      await canvas.page.waitForTimeout(200);
      return first === (await shot());
    };
    expect(await shots()).toBe(true);
    await canvas.page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await shots()).toBe(false);
  });

  test('custom properties and parts change how it looks', async () => {
    await canvas.page.addStyleTag({
      content: `#canvas { --sam-draft-color: rgb(0 255 0); --sam-fill-opacity: 1; }
        #canvas::part(status) { color: rgb(1, 2, 3); }`,
    });
    await canvas.addReady();
    await canvas.click(140, 150);
    const place = await canvas.at(120, 130);
    expect(await canvas.pixels([place])).toEqual([[0, 255, 0]]);
    await canvas.evaluate((element) => {
      element.style.setProperty('--sam-draft-color', '#f0f');
      element.refreshStyle();
    });
    await canvas.settled();
    expect(await canvas.pixels([place])).toEqual([[255, 0, 255]]);
    const color = await canvas.evaluate(
      (element) => getComputedStyle(element.shadowRoot!.querySelector('[part=status]')!).color,
    );
    expect(color).toBe('rgb(1, 2, 3)');
  });

  test.each([
    ['a sandbox', 'allow-scripts', { origin: 'null', storage: 'refused' }],
    ['a strict policy', '', { origin: ORIGIN, storage: 'there' }],
  ])('works in a frame without rights: %s', async (_, sandbox, where) => {
    const page = await canvas.page.context().newPage();
    try {
      await browser.serve(page);
      const policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' blob:; style-src 'self'";
      if (sandbox === '') {
        await page.route(`${ORIGIN}/strict`, async (route) => {
          const body = '<!doctype html><body></body>';
          const headers = { 'content-security-policy': policy };
          await route.fulfill({ contentType: 'text/html', body, headers });
        });
        await page.goto(`${ORIGIN}/strict`);
        await page.evaluate(async () => {
          const frame = document.createElement('script');
          frame.type = 'module';
          const html = await (await fetch('/index.html')).text();
          frame.src = /src="([^"]+\.js)"/.exec(html)![1]!;
          const main = document.createElement('main');
          main.id = 'main';
          document.body.append(main, frame);
        });
      } else {
        await page.route(`${ORIGIN}/frame`, async (route) => {
          const body = `<!doctype html><iframe sandbox="${sandbox}" src="/index.html" width="700" height="560"></iframe>`;
          await route.fulfill({ contentType: 'text/html', body });
        });
        await page.goto(`${ORIGIN}/frame`);
      }
      const frame = sandbox === '' ? page.mainFrame() : page.frames()[1]!;
      await frame.waitForFunction(() => 'made' in globalThis);
      const found = await frame.evaluate(async () => {
        const element = document.createElement('sam-canvas');
        element.style.width = '400px';
        element.src = '/photo.jpg';
        document.getElementById('main')!.append(element);
        const errors: string[] = [];
        element.addEventListener('sam-error', ({ detail }) => errors.push(detail.error.message));
        const start = performance.now();
        while (element.snapshot?.state !== 'ready' && errors.length === 0) {
          if (performance.now() - start > 50_000) break;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const { height } = element.getBoundingClientRect();
        if (errors.length > 0) return { errors, height, area: 0, origin: '', storage: '' };
        element.session?.addPoint({ x: 365, y: 290 });
        await element.session?.settled();
        let storage = 'there';
        try {
          localStorage.getItem('x');
        } catch {
          storage = 'refused';
        }
        const { origin } = globalThis;
        return { origin, storage, errors, height, area: element.snapshot?.draft?.mask.area ?? 0 };
      });
      expect(found).toMatchObject({ errors: [], ...where });
      // Of 600 x 400 pixels, as wide as was asked for.
      expect(found.height).toBeCloseTo((400 * 400) / 600, 0);
      expect(found.area).toBeGreaterThan(1000);
    } finally {
      await page.close();
    }
  });
});
