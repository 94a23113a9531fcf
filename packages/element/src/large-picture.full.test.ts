/** `<sam-canvas>` with a photograph of 24 megapixels, in a real browser. */
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CanvasBrowser, type CanvasPage } from './fixtures/canvas-page.ts';
import type { SamCanvas } from './index.ts';

describe.skipIf(isBrowserMissing)(`a picture of 24 megapixels${browserHint}`, () => {
  let browser: CanvasBrowser;
  let canvas: CanvasPage;

  beforeAll(async () => {
    browser = await CanvasBrowser.start();
    canvas = await browser.open();
    await canvas.clear();
  });
  afterAll(() => browser?.close());

  test('is shown, pointed into and moved by frames that draw what is seen', async () => {
    await canvas.page.evaluate(async () => {
      const element = document.createElement('sam-canvas');
      element.style.cssText = 'width: 600px; height: 450px';
      document.getElementById('main')!.append(element);
      await element.open(globalThis.made.draw(5664), { name: 'large' });
    });
    await canvas.ready();
    const { view } = await canvas.look();
    expect(view.scale).toBeCloseTo(600 / 5664, 6);
    const unit = 5664 / 400;
    await canvas.click(140 * unit, 150 * unit);
    const { area } = await canvas.look();
    expect(area! / (Math.PI * (60 * unit) ** 2)).toBeGreaterThan(0.9);

    // Far in, the disc's edge is where it belongs, once the tiles have come.
    await canvas.page.evaluate((unit) => {
      const element = document.querySelector<SamCanvas>('#main > sam-canvas')!;
      element.overlay = { draft: false };
      element.view = { scale: 2, x: 300 - 200 * unit * 2, y: 225 - 150 * unit * 2 };
    }, unit);
    await canvas.page.mouse.move(700, 600);
    await canvas.page.waitForTimeout(1500);
    const [inside, outside] = await canvas.pixels([
      { x: 280, y: 225 },
      { x: 320, y: 225 },
    ]);
    expect(inside![0]).toBeGreaterThan(200);
    expect(outside![0]).toBeLessThan(140);

    const slowest = await canvas.evaluate(async (element) => {
      element.overlay = {};
      const times: number[] = [];
      for (let i = 0; i < 30; i++) {
        const start = performance.now();
        element.zoomBy(i < 15 ? 0.9 : 1 / 0.9);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        times.push(performance.now() - start);
      }
      return times.sort((one, other) => one - other)[24]!;
    });
    // On two cores without a GPU, which other things may be busy with.
    expect(slowest).toBeLessThan(250);
  });
});
