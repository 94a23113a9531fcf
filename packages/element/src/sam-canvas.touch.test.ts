/** `<sam-canvas>` by fingers and by pen, on a screen with two pixels per CSS pixel. */
import type { CDPSession } from 'playwright-core';
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CanvasBrowser, type CanvasPage, type Fingers } from './fixtures/canvas-page.ts';
import type { SamCanvas } from './index.ts';
import { LONG_PRESS } from './input/gestures.ts';

const DISC = Math.PI * 60 ** 2;

describe.skipIf(isBrowserMissing)(`<sam-canvas> by touch${browserHint}`, () => {
  let browser: CanvasBrowser;
  let canvas: CanvasPage;
  let fingers: Fingers;

  beforeAll(async () => {
    browser = await CanvasBrowser.start();
    canvas = await browser.open({ deviceScaleFactor: 2, hasTouch: true, isMobile: true });
    fingers = await canvas.touch();
  });
  beforeEach(async () => {
    await canvas.clear();
    await canvas.addReady();
  });
  afterEach(() => browser.expectNoErrors());
  afterAll(() => browser?.close());

  const at = async (x: number, y: number): Promise<[number, number]> => {
    const place = await canvas.at(x, y);
    return [place.x, place.y];
  };
  const tap = async (x: number, y: number, rest = 20): Promise<void> => {
    await fingers.down(await at(x, y));
    await canvas.page.waitForTimeout(rest);
    await fingers.up();
    await canvas.settled();
  };

  test('a tap points, a long press excludes', async () => {
    await tap(140, 150);
    await tap(300, 150, LONG_PRESS + 150);
    const { prompts, area } = await canvas.look();
    expect(prompts).toMatchObject([{ label: 'include' }, { label: 'exclude' }]);
    expect(prompts[0]!['x']).toBeCloseTo(140, 0);
    expect(prompts[1]!['x']).toBeCloseTo(300, 0);
    expect(area! / DISC).toBeGreaterThan(0.85);
  });

  test('two fingers zoom and move, and back is where it was', async () => {
    const { view } = await canvas.look();
    const [left, right] = [await at(100, 150), await at(200, 150)];
    await fingers.down(left, right);
    for (let step = 1; step <= 5; step++) {
      const [shift, spread] = [6 * step, 10 * step];
      await fingers.move(
        [left[0] + shift - spread, left[1] + shift],
        [right[0] + shift + spread, right[1] + shift],
      );
    }
    await canvas.settled();
    const zoomed = (await canvas.look()).view;
    // 150 CSS pixels apart, then 250.
    expect(zoomed.scale / view.scale).toBeCloseTo(250 / 150, 3);
    const middle = await at(150, 150);
    expect(middle[0]).toBeCloseTo((left[0] + right[0]) / 2 + 30, 1);
    expect(middle[1]).toBeCloseTo(left[1] + 30, 1);
    await fingers.move(left, right);
    await fingers.up();
    await canvas.settled();
    const after = (await canvas.look()).view;
    expect(after.scale).toBeCloseTo(view.scale, 6);
    expect(Math.hypot(after.x - view.x, after.y - view.y)).toBeLessThan(0.5);
    expect((await canvas.look()).prompts).toEqual([]);
  });

  test('one finger draws, and a second one gives up what it drew', async () => {
    await canvas.evaluate((element) => {
      element.tool = 'box';
    });
    await fingers.down(await at(70, 80));
    await fingers.move(await at(100, 100));
    await fingers.move(await at(210, 220));
    await fingers.up();
    await canvas.settled();
    const { prompts, view } = await canvas.look();
    expect(prompts).toMatchObject([{ kind: 'box' }]);
    const box = prompts[0]!['box'] as Record<string, number>;
    expect(box['x']).toBeCloseTo(70, 0);
    expect(box['width']).toBeCloseTo(140, 0);
    expect((await canvas.look()).view).toEqual(view);

    const [one, other] = [await at(20, 20), await at(120, 40)];
    await fingers.down(one);
    await fingers.move([one[0] + 30, one[1] + 30]);
    await fingers.down([one[0] + 30, one[1] + 30], other);
    await fingers.move([one[0] + 40, one[1] + 30], [other[0] + 60, other[1]]);
    await fingers.up();
    await canvas.settled();
    expect((await canvas.look()).prompts).toHaveLength(1);
    expect((await canvas.look()).view.scale).toBeGreaterThan(view.scale);
  });

  test('a finger drags a point', async () => {
    await tap(140, 150);
    await fingers.down(await at(140, 150));
    await fingers.move(await at(160, 150));
    await fingers.move(await at(300, 150));
    await fingers.up();
    await canvas.settled();
    const { prompts } = await canvas.look();
    expect(prompts).toHaveLength(1);
    expect(prompts[0]!['x']).toBeCloseTo(300, 0);
  });

  test('canvases have the pixels of the screen', async () => {
    await tap(140, 150);
    const sizes = await canvas.evaluate((element) =>
      [...element.shadowRoot!.querySelectorAll('canvas')].map(({ width, height }) => [
        width,
        height,
      ]),
    );
    expect(sizes).toEqual([
      [1200, 900],
      [1200, 900],
      [1200, 900],
    ]);
  });

  describe('a pen', () => {
    let session: CDPSession;
    beforeAll(async () => {
      session = await canvas.page.context().newCDPSession(canvas.page);
    });
    const pen = async (
      type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
      [x, y]: readonly [number, number],
      button: 'left' | 'right' | 'none' = 'left',
    ): Promise<void> => {
      const buttons = type === 'mouseReleased' || button === 'none' ? 0 : button === 'left' ? 1 : 2;
      const event = { type, x, y, button, buttons, pointerType: 'pen', clickCount: 1 } as const;
      await session.send('Input.dispatchMouseEvent', event);
    };

    test('hovers, points, and excludes by its barrel', async () => {
      await pen('mouseMoved', await at(140, 150), 'none');
      await canvas.page.waitForFunction(
        () => document.querySelector<SamCanvas>('#main > sam-canvas')!.snapshot?.hover !== null,
      );
      await pen('mousePressed', await at(140, 150));
      await pen('mouseReleased', await at(140, 150));
      await pen('mousePressed', await at(300, 150), 'right');
      await pen('mouseReleased', await at(300, 150), 'right');
      await canvas.settled();
      expect((await canvas.look()).prompts).toMatchObject([
        { label: 'include' },
        { label: 'exclude' },
      ]);
    });

    test('scribbles through all the places that it was in', async () => {
      await canvas.evaluate((element) => {
        element.tool = 'scribble';
      });
      await pen('mousePressed', await at(100, 150));
      for (let x = 104; x <= 180; x += 4) {
        await pen('mouseMoved', await at(x, 150 + 10 * Math.sin(x)));
      }
      await pen('mouseReleased', await at(180, 150));
      await canvas.settled();
      const { prompts, area } = await canvas.look();
      expect(prompts).toMatchObject([{ kind: 'scribble' }]);
      expect((prompts[0]!['path'] as unknown[]).length).toBeGreaterThan(15);
      expect(area! / DISC).toBeGreaterThan(0.8);
    });
  });
});
