/** Overlays of `<sam-canvas>` on the model's GPU beside those on 2D canvases, as they are seen. */
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CanvasBrowser, type CanvasPage, SOFTWARE_GPU } from './fixtures/canvas-page.ts';
import type { SamCanvas } from './index.ts';

describe.skipIf(isBrowserMissing)(`<sam-canvas> on a GPU${browserHint}`, () => {
  let browser: CanvasBrowser;
  let canvas: CanvasPage;

  beforeAll(async () => {
    browser = await CanvasBrowser.start(SOFTWARE_GPU);
    // Ants that stand still can be compared.
    canvas = await browser.open({ reducedMotion: 'reduce' });
  });
  beforeEach(() => canvas.clear());
  afterEach(() => browser.expectNoErrors());
  afterAll(() => browser?.close());

  /** Adds an element that shows a session on the software adapter. */
  async function add(renderer: 'auto' | '2d' | 'webgpu'): Promise<void> {
    await canvas.page.evaluate(async (renderer) => {
      const element = document.createElement('sam-canvas');
      element.style.cssText = 'width: 600px; height: 450px';
      element.renderer = renderer;
      document.getElementById('main')!.append(element);
      element.session = await globalThis.made.smallOnGpu();
    }, renderer);
    await canvas.ready();
  }

  const drawsOn = (kind: '2d' | 'webgpu'): Promise<unknown> =>
    canvas.page.waitForFunction(
      (kind) => document.querySelector<SamCanvas>('#main > sam-canvas')!.rendererKind === kind,
      kind,
    );

  /** Remembers in the page what of the element is seen. */
  async function remember(name: string): Promise<void> {
    await canvas.page.waitForTimeout(300); // Views that moved are drawn once more.
    const clip = { x: 0, y: 0, width: 600, height: 450 };
    const shot = (await canvas.page.screenshot({ clip })).toString('base64');
    await canvas.page.evaluate(
      async ({ name, shot }) => {
        const bytes = Uint8Array.from(atob(shot), (letter) => letter.codePointAt(0)!);
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        (globalThis as unknown as Record<string, Uint8ClampedArray>)[name] = data;
      },
      { name, shot },
    );
  }

  /** Remembers a view as each renderer draws it, by its name. */
  async function rememberBoth(view: SamCanvas['view']): Promise<void> {
    await canvas.page.evaluate((view) => {
      document.querySelector<SamCanvas>('#main > sam-canvas')!.view = view;
    }, view);
    for (const renderer of ['2d', 'webgpu'] as const) {
      await canvas.page.evaluate((renderer) => {
        document.querySelector<SamCanvas>('#main > sam-canvas')!.renderer = renderer;
      }, renderer);
      await drawsOn(renderer);
      await remember(renderer);
    }
  }

  /** In levels, and the share of those that are far apart. */
  const difference = (
    one: string,
    other: string,
    /** Pixels from the sides of the element that are compared. @defaultValue all */
    border = Infinity,
  ): Promise<{ mean: number; far: number }> =>
    canvas.page.evaluate(
      ([one, other, border]) => {
        const seen = globalThis as unknown as Record<string, Uint8ClampedArray>;
        const [first, second] = [seen[one]!, seen[other]!];
        let [sum, far, count] = [0, 0, 0];
        for (let at = 0; at < first.length; at++) {
          const [x, y] = [Math.floor(at / 4) % 600, Math.floor(at / 2400)];
          // The fourth of each pixel is always the same.
          if (at % 4 === 3 || Math.min(x, y, 599 - x, 449 - y) >= border) continue;
          const off = Math.abs(first[at]! - second[at]!);
          sum += off;
          count += 1;
          if (off > 48) far += 1;
        }
        return { mean: sum / count, far: far / count };
      },
      [one, other, border] as const,
    );

  test('looks the same, small, large and turned', { timeout: 180_000 }, async () => {
    await add('2d');
    await canvas.click(300, 150);
    await canvas.press('Enter');
    await canvas.click(140, 150);
    await canvas.evaluate((element) => {
      // One that lies inside of the picture, so that lines are about as long as the object is round.
      const { session } = element;
      const { candidates, image } = session!.snapshot;
      const inside = candidates.findIndex(({ mask: { bounds } }) => {
        const [right, bottom] = [bounds.x + bounds.width, bounds.y + bounds.height];
        return bounds.x > 0 && bounds.y > 0 && right < image!.width && bottom < image!.height;
      });
      session!.chooseCandidate(inside);
    });
    const { area, objects } = await canvas.look();
    expect(Math.min(area!, objects[0]!.area)).toBeGreaterThan(5000);
    const views = [
      { scale: 1.4, x: 20, y: 15 },
      { scale: 0.6, x: 30.5, y: 80.25 },
      { scale: 2.6, x: -200, y: -160 },
      { scale: 7, x: -500, y: -700 },
      { scale: 1.3, x: 300, y: -60, rotation: 40 },
    ];
    for (const view of views) {
      await rememberBoth(view);
      const { mean, far } = await difference('2d', 'webgpu');
      // Tints may be rounded to either side. Lines may lie a fraction of a pixel beside each other, and
      // dashes elsewhere along them.
      expect({ view, mean, far, isClose: mean < 1.2 && far < 0.012 }).toEqual({
        view,
        mean,
        far,
        isClose: true,
      });
    }
    // Without an overlay there is a difference: it is seen at all.
    await canvas.evaluate((element) => {
      element.zoomToFit();
      element.overlay = {};
    });
    await remember('with');
    await canvas.evaluate((element) => {
      element.overlay = { objects: false, draft: false, hover: false };
    });
    await remember('without');
    expect((await difference('with', 'without')).mean).toBeGreaterThan(4);
  });

  test('looks the same where the picture ends with the element', { timeout: 120_000 }, async () => {
    await add('2d');
    await canvas.click(20, 20);
    await canvas.press('Enter');
    await canvas.evaluate((element) => {
      const { session } = element;
      const { bounds } = session!.snapshot.objects[0]!.mask;
      if (bounds.width < 400 || bounds.height < 300) throw new Error('not all around the picture');
      session!.select(null); // Its line is one without dashes.
      element.blur(); // The ring of focus lies over it.
    });
    const views = [
      { scale: 1.5, x: 0, y: 0 },
      { scale: 6, x: 0, y: -1350 },
      { scale: 1.5, x: 600, y: 450, rotation: 180 },
    ];
    const seen = [];
    for (const view of views) {
      await rememberBoth(view);
      seen.push({ view, ...(await difference('2d', 'webgpu', 3)) });
    }
    // Half of a line of 1.5 pixels and its halo lie within the three outermost pixels. Both renderers
    // smooth them, each in its own way; a line that is not there is 34 levels in the mean.
    expect(seen.filter(({ mean }) => mean > 6)).toEqual([]);
    await canvas.evaluate((element) => {
      element.overlay = { outline: false };
    });
    await remember('without');
    expect((await difference('2d', 'without', 3)).mean).toBeGreaterThan(20);
  });

  test('a software adapter is not taken by itself', async () => {
    await add('auto');
    await canvas.click(140, 150);
    expect((await canvas.look()).area).toBeGreaterThan(5000);
    expect(
      await canvas.evaluate((element) => [
        element.session!.device !== undefined,
        element.rendererKind,
      ]),
    ).toEqual([true, '2d']);
  });

  test('a lost device costs no more than a moment', { timeout: 120_000 }, async () => {
    await add('webgpu');
    await canvas.click(140, 150);
    await drawsOn('webgpu');
    await canvas.evaluate((element) => {
      element.session!.device!.destroy();
    });
    await drawsOn('2d');
    await canvas.click(300, 150);
    const { prompts, area, error } = await canvas.look();
    expect(prompts).toHaveLength(2);
    expect(area).toBeGreaterThan(5000);
    expect(error).toBe('');
    await drawsOn('webgpu');
  });

  test('gives back what it took on the device', async () => {
    const counts = await canvas.page.evaluate(async () => {
      const counts = { buffers: 0, textures: 0 };
      const track = (name: 'createBuffer' | 'createTexture', key: keyof typeof counts): void => {
        const prototype = GPUDevice.prototype as unknown as Record<
          string,
          (...parameters: unknown[]) => { label: string; destroy: () => void }
        >;
        const create = prototype[name]!;
        prototype[name] = function create_(this: unknown, ...parameters) {
          const made = create.apply(this, parameters);
          if (!/overlay|uploaded/.test(made.label)) return made;
          counts[key] += 1;
          const destroy = made.destroy.bind(made);
          let isGone = false;
          made.destroy = () => {
            if (!isGone) counts[key] -= 1;
            isGone = true;
            destroy();
          };
          return made;
        };
      };
      track('createBuffer', 'buffers');
      track('createTexture', 'textures');
      const element = document.createElement('sam-canvas');
      element.style.width = '300px';
      element.setAttribute('renderer', 'webgpu');
      document.getElementById('main')!.append(element);
      element.session = await globalThis.made.smallOnGpu();
      const until = async (condition: () => boolean): Promise<void> => {
        while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
      };
      await until(() => element.snapshot?.state === 'ready');
      element.session.addPoint({ x: 140, y: 150 });
      await element.session.settled();
      await until(() => element.rendererKind === 'webgpu' && counts.textures > 1);
      element.zoomBy(1.5);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const during = { ...counts };
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { during, after: counts };
    });
    expect(counts.during.buffers).toBeGreaterThan(0);
    expect(counts.during.textures).toBeLessThan(4);
    expect(counts.after).toEqual({ buffers: 0, textures: 0 });
  });
});
