/** `<sam-canvas>` without a pointer: everything by keys, and told to screen readers. */
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { CanvasBrowser, type CanvasPage } from './fixtures/canvas-page.ts';

const DISC = Math.PI * 60 ** 2;
const BAR = 80 * 180;

describe.skipIf(isBrowserMissing)(`<sam-canvas> by keys${browserHint}`, () => {
  let browser: CanvasBrowser;
  let canvas: CanvasPage;

  beforeAll(async () => {
    browser = await CanvasBrowser.start();
    canvas = await browser.open();
  });
  beforeEach(async () => {
    await canvas.clear();
    await canvas.addReady({ alt: 'A red disc and a yellow bar' });
    await canvas.page.focus('#before');
    await canvas.press('Tab');
  });
  afterEach(() => browser.expectNoErrors());
  afterAll(() => browser?.close());

  const focused = (): Promise<string> =>
    canvas.page.evaluate(() => document.activeElement?.id || document.activeElement!.localName);

  /** Moves the cursor, which starts in the middle of the picture, by pixels of it. */
  const moveBy = async (x: number, y: number): Promise<void> => {
    // 16 CSS pixels a press, one with Shift, and 1.5 of them per pixel of the picture.
    const presses = (way: number, forward: string, back: string): string[] => {
      const length = Math.round(Math.abs(way) * 1.5);
      const key = way < 0 ? back : forward;
      return [
        ...Array.from({ length: Math.floor(length / 16) }, () => key),
        ...Array.from({ length: Math.floor((length % 16) / 1.5) }, () => `Shift+${key}`),
      ];
    };
    await canvas.press(
      ...presses(x, 'ArrowRight', 'ArrowLeft'),
      ...presses(y, 'ArrowDown', 'ArrowUp'),
    );
  };

  test('from nothing to an object, and on to the next element', async () => {
    expect(await focused()).toBe('canvas');
    await canvas.press('ArrowRight'); // Shows the cursor in the middle: (200, 150).
    await moveBy(-60, 0);
    await canvas.press('Space');
    const look = await canvas.look();
    expect(look.prompts).toMatchObject([{ kind: 'point', label: 'include' }]);
    expect(Math.abs((look.prompts[0]!['x'] as number) - 140)).toBeLessThan(3);
    expect(look.area! / DISC).toBeGreaterThan(0.9);

    const count = look.candidates;
    expect(count).toBeGreaterThan(2);
    const chosen = async (): Promise<number> => (await canvas.look()).candidateIndex;
    await canvas.press('Tab');
    expect(await chosen()).toBe(1);
    await canvas.press(...Array.from({ length: count - 1 }, () => 'Tab'));
    expect(await chosen()).toBe(0);
    await canvas.press(']');
    expect(await chosen()).toBe(1);
    await canvas.press('[', '[');
    expect(await chosen()).toBe(count - 1);
    await canvas.press('Tab');
    expect(await focused()).toBe('canvas');

    await moveBy(160, 0);
    await canvas.press('Shift+Space');
    expect((await canvas.look()).prompts).toMatchObject([{}, { label: 'exclude' }]);
    await canvas.press('Backspace');
    expect((await canvas.look()).prompts).toHaveLength(1);
    await canvas.press('Control+z');
    expect((await canvas.look()).prompts).toHaveLength(2);
    await canvas.press('Control+z', 'Control+Shift+Z', 'Control+z', 'Control+y');
    expect((await canvas.look()).prompts).toHaveLength(2);
    await canvas.press('Enter');
    expect((await canvas.look()).objects).toHaveLength(1);

    // Nothing to choose from: Tab goes on.
    await canvas.press('Tab');
    expect(await focused()).toBe('after');
    await canvas.press('Shift+Tab');
    expect(await focused()).toBe('canvas');
    await canvas.press('Shift+Tab');
    expect(await focused()).toBe('before');
  });

  test('Shift and Tab leaves from among alternatives, too', async () => {
    await canvas.press('Space', 'Space');
    expect((await canvas.look()).candidates).toBeGreaterThan(2);
    await canvas.press('Tab');
    await canvas.press('Shift+Tab');
    expect((await canvas.look()).candidateIndex).toBe(0);
    expect(await focused()).toBe('canvas');
    await canvas.press('Shift+Tab');
    expect(await focused()).toBe('before');
  });

  test('Escape gives up the latest thing, and then belongs to the page', async () => {
    const heard = (): Promise<number> =>
      canvas.page.evaluate(() => (globalThis as { heard?: number }).heard ?? 0);
    await canvas.page.evaluate(() => {
      document.addEventListener('keydown', ({ key, defaultPrevented }) => {
        const counter = globalThis as { heard?: number };
        if (key === 'Escape' && !defaultPrevented) counter.heard = (counter.heard ?? 0) + 1;
      });
    });
    await canvas.press('Space', 'Space');
    await canvas.press('b', 'Space');
    await moveBy(60, 60);
    await canvas.press('Escape');
    expect((await canvas.look()).prompts).toHaveLength(1);
    await canvas.press('Escape');
    expect((await canvas.look()).prompts).toEqual([]);
    expect(await heard()).toBe(0);
    await canvas.press('Escape');
    expect(await heard()).toBe(1);
  });

  test('a box, a lasso and a scribble', async () => {
    await canvas.press('b', 'ArrowRight');
    await moveBy(40, -110);
    await canvas.press('Space');
    await moveBy(120, 220);
    await canvas.press('Space');
    const { prompts, area } = await canvas.look();
    expect(prompts).toMatchObject([{ kind: 'box' }]);
    const box = prompts[0]!['box'] as Record<string, number>;
    expect(Math.abs(box['x']! - 240)).toBeLessThan(3);
    // Each press ends in the middle of a pixel.
    expect(Math.abs(box['height']! - 220)).toBeLessThan(10);
    expect(area! / BAR).toBeGreaterThan(0.8);

    // Its lower right corner is under the cursor: held, moved, and put back.
    await canvas.press('Space');
    await moveBy(-10, -10);
    expect(
      ((await canvas.look()).prompts[0]!['box'] as Record<string, number>)['width'],
    ).toBeLessThan(box['width']! - 5);
    await canvas.press('Escape');
    expect((await canvas.look()).prompts[0]!['box']).toEqual(box);
    await canvas.press('Escape', 'l', 'Space');
    await moveBy(-80, 0);
    await moveBy(0, -60);
    await moveBy(80, 0);
    await canvas.press('Space');
    expect((await canvas.look()).prompts).toMatchObject([{ kind: 'lasso', label: 'include' }]);
    await canvas.press('Escape', 's', 'x', 'Space');
    await moveBy(-30, 20);
    await canvas.press('Space');
    expect((await canvas.look()).prompts).toMatchObject([{ kind: 'scribble', label: 'exclude' }]);
    const tools = (await canvas.events('sam-tool')).map(({ detail }) => [
      detail['tool'],
      detail['label'],
    ]);
    expect(tools).toEqual([
      ['box', 'include'],
      ['lasso', 'include'],
      ['scribble', 'include'],
      ['scribble', 'exclude'],
    ]);
  });

  test('points are picked up, moved and dropped, or removed, where the cursor is', async () => {
    await canvas.press('Space', 'Space');
    await moveBy(100, 0);
    await canvas.press('Space');
    const before = (await canvas.look()).prompts;
    expect(before).toHaveLength(2);
    await moveBy(-100, 0);
    await canvas.press('Space');
    await moveBy(0, 40);
    await canvas.press('Space');
    const after = (await canvas.look()).prompts;
    expect(after).toHaveLength(2);
    expect((after[0]!['y'] as number) - (before[0]!['y'] as number)).toBeGreaterThan(36);
    await canvas.press('Delete');
    expect((await canvas.look()).prompts).toMatchObject([{ id: before[1]!['id'] }]);
  });

  test('zooms around the cursor, moves the picture, and keeps the cursor in sight', async () => {
    await canvas.press('ArrowRight');
    await moveBy(-100, -50);
    await canvas.press('+', '+', '+');
    const { view } = await canvas.look();
    expect(view.scale).toBeCloseTo(1.5 * 1.25 ** 3, 6);
    await canvas.press('Control+ArrowRight');
    expect((await canvas.look()).view.x).toBeCloseTo(view.x - 64, 6);
    await canvas.press('1');
    expect((await canvas.look()).view.scale).toBe(1);
    for (let i = 0; i < 12; i++) await canvas.page.keyboard.press('+');
    for (let i = 0; i < 60; i++) await canvas.page.keyboard.press('ArrowRight');
    await canvas.settled();
    const place = await canvas.evaluate((element) => {
      const { left, top } = element.getBoundingClientRect();
      const at = element.shadowRoot!.querySelector('[part=cursor]')!.getBoundingClientRect();
      return { x: at.left - left, y: at.top - top };
    });
    expect(place.x).toBeGreaterThan(0);
    expect(place.x).toBeLessThan(600);
    await canvas.press('0');
    expect((await canvas.look()).view).toMatchObject({ scale: 1.5, x: 0, y: 0 });
  });

  test('a screen reader hears what happens', async () => {
    const described = await canvas.evaluate((element) => {
      const stage = element.shadowRoot!.querySelector<HTMLElement>('[part=stage]')!;
      const text = element.shadowRoot!.getElementById(stage.getAttribute('aria-describedby')!);
      return [stage.role, stage.ariaLabel, stage.ariaRoleDescription, text!.textContent];
    });
    expect(described.slice(0, 3)).toEqual([
      'application',
      'A red disc and a yellow bar',
      'segmentation canvas',
    ]);
    expect(described[3]).toContain('Space places a point');
    const hears = (text: string): Promise<void> =>
      vi.waitFor(async () => expect((await canvas.look()).said).toContain(text), { timeout: 5000 });
    await hears('Picture of 400 by 300 pixels');
    await canvas.press('ArrowRight');
    await hears('200, 150');
    await moveBy(-60, 0);
    await canvas.press('Space');
    await hears('Point to include at');
    const { candidates } = await canvas.look();
    await hears(`Mask 1 of ${candidates}: 9% of the picture`);
    await canvas.press('Tab');
    await hears(`Mask 2 of ${candidates}`);
    await canvas.press('Enter');
    await hears('Object 1 accepted.');
    await canvas.press('Control+z');
    await hears('Undone: ');
    await canvas.press('b');
    await hears('Tool: box.');
    await canvas.press('+');
    await hears('188%');
    await canvas.evaluate((element) => {
      element.messages = { zoom: (percent) => `${percent} Prozent` };
    });
    await canvas.press('-');
    await hears('150 Prozent');
    // Handles are buttons, which a screen reader presses.
    await canvas.evaluate((element) => {
      const handle = element.shadowRoot!.querySelector<HTMLElement>('[part~=handle-include]')!;
      (globalThis as { label?: string | null }).label = handle.ariaLabel;
      handle.click();
    });
    await canvas.settled();
    expect((await canvas.look()).prompts).toEqual([]);
    expect(await canvas.page.evaluate(() => (globalThis as { label?: string }).label)).toMatch(
      /^Point to include at 1\d\d, 150\. Drag to move, press to remove\.$/,
    );
  });
});
