/** `<sam-canvas>` by mouse and by script, in a real browser. */
import { browserHint, isBrowserMissing } from '@samgpu/testing/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CanvasBrowser, type CanvasPage } from './fixtures/canvas-page.ts';
import type { SamCanvas } from './index.ts';

const DISC = Math.PI * 60 ** 2;
const BAR = 80 * 180;

describe.skipIf(isBrowserMissing)(`<sam-canvas>${browserHint}`, () => {
  let browser: CanvasBrowser;
  let canvas: CanvasPage;

  beforeAll(async () => {
    browser = await CanvasBrowser.start();
    canvas = await browser.open();
  });
  beforeEach(() => canvas.clear());
  afterEach(() => browser.expectNoErrors());
  afterAll(() => browser?.close());

  test('a click gives the mask of what is there, and the right button takes away', async () => {
    await canvas.addReady();
    expect((await canvas.look()).view).toEqual({ scale: 1.5, x: 0, y: 0 });
    await canvas.click(140, 150);
    const first = await canvas.look();
    expect(first.state).toBe('prompting');
    expect(first.candidates).toBeGreaterThan(1);
    expect(first.prompts).toMatchObject([{ kind: 'point', label: 'include' }]);
    // A pointer is somewhere within a CSS pixel.
    expect(first.prompts[0]!['x']).toBeCloseTo(140, 0);
    expect(first.prompts[0]!['y']).toBeCloseTo(150, 0);
    expect(first.area! / DISC).toBeGreaterThan(0.9);
    expect(first.area! / DISC).toBeLessThan(1.1);

    const ring = (): Promise<string> =>
      canvas.evaluate(
        (element) => getComputedStyle(element.shadowRoot!.querySelector('[part=focus]')!).opacity,
      );
    expect(await ring()).toBe('0');
    await canvas.press('ArrowRight');
    expect(await ring()).toBe('1');

    await canvas.click(300, 150, { button: 'right' });
    const labels = (await canvas.look()).prompts.map(({ label }) => label);
    expect(labels).toEqual(['include', 'exclude']);
  });

  test('Alt excludes, or the key that the page chose', async () => {
    await canvas.addReady();
    let x = 100;
    const label = async (key: string): Promise<unknown> => {
      await canvas.page.keyboard.down(key);
      await canvas.click((x += 20), 150);
      await canvas.page.keyboard.up(key);
      return (await canvas.look()).prompts.at(-1)!['label'];
    };
    expect(await label('Alt')).toBe('exclude');
    expect(await label('Shift')).toBe('include');
    await canvas.evaluate((element) => element.setAttribute('exclude-key', 'shift'));
    expect(await label('Shift')).toBe('exclude');
    await canvas.evaluate((element) => {
      element.label = 'exclude';
    });
    expect(await label('Shift')).toBe('include');
    expect(await label('Alt')).toBe('exclude');
  });

  test('hovering shows what a click would take, and leaving takes it away', async () => {
    await canvas.addReady();
    const at = await canvas.at(300, 150);
    await canvas.page.mouse.move(at.x, at.y);
    await canvas.page.waitForFunction(
      () => document.querySelector<SamCanvas>('#main > sam-canvas')!.snapshot!.hover !== null,
    );
    expect((await canvas.look()).hover! / BAR).toBeGreaterThan(0.8);
    await canvas.page.mouse.move(790, 630);
    await canvas.settled();
    expect((await canvas.look()).hover).toBeNull();
    await canvas.evaluate((element) => {
      element.preview = false;
    });
    await canvas.page.mouse.move(at.x, at.y, { steps: 3 });
    await canvas.settled();
    expect((await canvas.look()).hover).toBeNull();
  });

  test('box, lasso and scribble are drawn, corners dragged, crosses clicked', async () => {
    await canvas.addReady({ tool: 'box' });
    await canvas.drag([
      [70, 80],
      [200, 210],
    ]);
    const box = async (): Promise<Record<string, number>> =>
      (await canvas.look()).prompts[0]!['box'] as Record<string, number>;
    expect(await box()).toMatchObject({ x: 70, y: 80, width: 130, height: 130 });
    expect((await canvas.look()).area! / DISC).toBeGreaterThan(0.9);
    await canvas.drag([
      [200, 210],
      [180, 190],
      [220, 230],
    ]);
    expect(await box()).toMatchObject({ x: 70, y: 80, width: 150, height: 150 });
    // By its edge it is moved, and all of a drag is one step.
    await canvas.drag([
      [70, 150],
      [60, 150],
      [50, 140],
    ]);
    expect(await box()).toMatchObject({ x: 50, y: 70, width: 150, height: 150 });
    await canvas.press('Control+z');
    expect(await box()).toMatchObject({ x: 70, y: 80, width: 150, height: 150 });
    await canvas.press('Control+Shift+Z');
    expect(await box()).toMatchObject({ x: 50, y: 70 });
    await canvas.click(125, 70); // The cross in the middle of the upper edge.
    expect((await canvas.look()).prompts).toEqual([]);

    await canvas.evaluate((element) => {
      element.tool = 'lasso';
    });
    const ring = Array.from({ length: 13 }, (_, i) => {
      const angle = (i * Math.PI) / 6;
      return [140 + 75 * Math.cos(angle), 150 + 75 * Math.sin(angle)] as const;
    });
    await canvas.drag(ring);
    expect((await canvas.look()).prompts).toMatchObject([{ kind: 'lasso', label: 'include' }]);
    expect((await canvas.look()).area! / DISC).toBeGreaterThan(0.8);
    await canvas.press('Escape');
    await canvas.evaluate((element) => {
      element.tool = 'scribble';
    });
    await canvas.drag([
      [110, 150],
      [140, 160],
      [170, 140],
    ]);
    const { prompts, area } = await canvas.look();
    expect(prompts).toMatchObject([{ kind: 'scribble' }]);
    expect((prompts[0]!['path'] as unknown[]).length).toBeGreaterThan(4);
    expect(area! / DISC).toBeGreaterThan(0.8);
  });

  test('points are dragged, and clicked away', async () => {
    await canvas.addReady();
    await canvas.click(140, 150);
    await canvas.drag([
      [140, 150],
      [200, 150],
      [300, 150],
    ]);
    const { prompts, area } = await canvas.look();
    expect(prompts).toHaveLength(1);
    expect(prompts[0]!['x']).toBeCloseTo(300, 0);
    expect(area! / BAR).toBeGreaterThan(0.8);
    await canvas.press('Control+z');
    expect((await canvas.look()).prompts[0]!['x']).toBeCloseTo(140, 0);
    await canvas.click(140, 150);
    expect((await canvas.look()).prompts).toEqual([]);
  });

  test('the wheel zooms where the pointer is, and there and back is where it was', async () => {
    await canvas.addReady();
    const before = (await canvas.look()).view;
    await canvas.page.mouse.move(210, 225);
    for (let i = 0; i < 6; i++) await canvas.page.mouse.wheel(0, -200);
    await canvas.settled();
    const { view } = await canvas.look();
    expect(view.scale).toBeGreaterThan(before.scale * 4);
    // What was under the pointer still is.
    expect((210 - view.x) / view.scale).toBeCloseTo(210 / 1.5, 6);
    await canvas.page.mouse.click(210, 225);
    await canvas.settled();
    expect((await canvas.look()).prompts[0]!['x']).toBeCloseTo(140, 0);
    for (let i = 0; i < 6; i++) await canvas.page.mouse.wheel(0, 200);
    await canvas.settled();
    const after = (await canvas.look()).view;
    expect(after.scale).toBeCloseTo(before.scale, 9);
    expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(0.5);

    for (let i = 0; i < 40; i++) await canvas.page.mouse.wheel(0, -400);
    await canvas.settled();
    expect((await canvas.look()).view.scale).toBe(32);
    for (let i = 0; i < 60; i++) await canvas.page.mouse.wheel(0, 400);
    await canvas.settled();
    expect((await canvas.look()).view.scale).toBe(0.5);
    await canvas.evaluate((element) => element.setAttribute('max-zoom', '2'));
    await canvas.evaluate((element) => element.zoomTo(20));
    expect((await canvas.look()).view.scale).toBe(2);
    await canvas.evaluate((element) => element.zoomToFit());
    expect((await canvas.look()).view).toEqual(before);
    expect((await canvas.events('sam-view')).length).toBeGreaterThan(10);
  });

  test('prompts go where they are seen, also turned, moved and resized', async () => {
    await canvas.addReady();
    await canvas.evaluate((element) => {
      element.view = { scale: 1.2, x: 350, y: 20, rotation: 33 };
    });
    await canvas.click(140, 150);
    const { prompts, area } = await canvas.look();
    expect(prompts[0]!['x']).toBeCloseTo(140, 0);
    expect(prompts[0]!['y']).toBeCloseTo(150, 0);
    expect(area! / DISC).toBeGreaterThan(0.9);
    await canvas.drag([
      [30, 30],
      [60, 40],
    ]);
    expect((await canvas.look()).prompts).toHaveLength(1); // The view was dragged.
    await canvas.evaluate((element) => {
      element.style.width = '300px';
    });
    await canvas.settled();
    await canvas.click(140, 100);
    const added = (await canvas.look()).prompts[1]!;
    expect(added['x']).toBeCloseTo(140, 0);
    expect(added['y']).toBeCloseTo(100, 0);
    await canvas.evaluate((element) => element.zoomToFit());
    await canvas.evaluate((element) => element.rotateBy(57));
    const { view } = await canvas.look();
    expect(view).toMatchObject({ rotation: 90, scale: 1 });
  });

  test('Enter accepts, and events tell all of it', async () => {
    await canvas.addReady();
    await canvas.click(140, 150);
    await canvas.press('Enter');
    const look = await canvas.look();
    expect(look).toMatchObject({ state: 'ready', prompts: [], area: null });
    expect(look.objects).toMatchObject([{ name: 'Object 1' }]);
    const events = await canvas.events();
    const names = new Set(events.map(({ name }) => name));
    expect([...names].sort()).toEqual([
      'sam-commit',
      'sam-mask',
      'sam-objects',
      'sam-progress',
      'sam-state',
      'sam-view',
    ]);
    const states = events
      .filter(({ name }) => name === 'sam-state')
      .map((one) => one.detail['state']);
    const phases = states.filter((state, i) => state !== states[i - 1]);
    // A commit that waits for nothing is over at once.
    expect(phases.slice(phases.indexOf('encoding')).filter((one) => one !== 'committing')).toEqual([
      'encoding',
      'ready',
      'prompting',
      'ready',
    ]);
    const masks = await canvas.events('sam-mask');
    expect(masks).toHaveLength(2);
    expect((masks[0]!.detail['mask'] as { area: number }).area / DISC).toBeGreaterThan(0.9);
    expect(masks[1]!.detail['mask']).toBeNull();
    const [commit] = await canvas.events('sam-commit');
    expect(commit!.detail['object']).toMatchObject({ name: 'Object 1' });
    await canvas.press('Control+z', 'Control+y', 'Control+z', 'Enter');
    expect(await canvas.events('sam-commit')).toHaveLength(2);
    const progress = await canvas.events('sam-progress');
    expect(progress.map(({ detail }) => detail['stage'])).toContain('encode');
    expect(progress.every(({ detail }) => (detail['fraction'] as number) <= 1)).toBe(true);

    // With the hand an object is selected by a click, and deselected beside all.
    await canvas.evaluate((element) => {
      element.tool = 'pan';
    });
    await canvas.click(20, 20);
    expect((await canvas.look()).selected).toBeNull();
    await canvas.click(140, 150);
    expect((await canvas.look()).selected).not.toBeNull();
  });

  test('a session is shared: shown, pointed into, and left alone', async () => {
    await canvas.page.evaluate(async () => {
      const { Session, createEngine, nano, draw } = globalThis.made;
      const session = new Session({ engine: createEngine({ variants: [nano] }) });
      const element = document.createElement('sam-canvas');
      element.style.cssText = 'width: 600px; height: 450px';
      element.session = session;
      document.getElementById('main')!.append(element);
      session.load('nano').catch(() => undefined);
      await session.open(draw(), { name: 'drawn' });
    });
    await canvas.click(140, 150);
    expect((await canvas.look()).area! / DISC).toBeGreaterThan(0.9);
    const kept = await canvas.evaluate(async (element) => {
      const { session } = element;
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 50));
      session!.addPoint({ x: 300, y: 150 });
      await session!.settled();
      return session!.snapshot.prompts.length;
    });
    expect(kept).toBe(2);
  });

  test('another picture and another model take the place of the first', async () => {
    await canvas.addReady();
    await canvas.click(140, 150);
    await canvas.press('Enter');
    await canvas.evaluate(async (element) => {
      await element.open(globalThis.made.draw(800), { name: 'large' });
    });
    const look = await canvas.look();
    expect(look).toMatchObject({ state: 'ready', objects: [], view: { scale: 0.75 } });
    await canvas.click(280, 300);
    expect((await canvas.look()).area! / (4 * DISC)).toBeGreaterThan(0.9);
    const names = await canvas.evaluate(async (element) => {
      element.model = { ...globalThis.made.nano, name: 'other', title: 'Another' };
      while (element.snapshot?.model?.name !== 'other') {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return [element.snapshot.model.title, element.snapshot.image?.name];
    });
    expect(names).toEqual(['Another', 'large']);
    await canvas.settled();
    expect((await canvas.look()).prompts).toHaveLength(1);
  });

  test('disabled, or without a tool, it leaves pointers and keys alone', async () => {
    await canvas.addReady({ tool: 'none' });
    await canvas.click(140, 150);
    await canvas.page.mouse.wheel(0, -300);
    await canvas.press('Tab', 'Tab', 'Space');
    expect(await canvas.look()).toMatchObject({ prompts: [], view: { scale: 1.5 } });
    await canvas.evaluate((element) => {
      element.tool = 'point';
      element.disabled = true;
    });
    await canvas.click(140, 150);
    expect((await canvas.look()).prompts).toEqual([]);
    await canvas.evaluate((element) => {
      element.disabled = false;
    });
    await canvas.click(140, 150);
    expect((await canvas.look()).prompts).toHaveLength(1);
  });
});
