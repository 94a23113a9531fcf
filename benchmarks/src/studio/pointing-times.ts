/** What a person waits for in the Studio, measured inside of its page. */
import type { SamCanvas } from '@samgpu/element';
import type { Page } from 'playwright-core';

/** Pixels of the picture. */
export type Place = readonly [x: number, y: number];

declare global {
  interface Window {
    pointing?: {
      readonly clicks: number[];
      readonly moves: { readonly at: number; readonly x: number; readonly y: number }[];
      readonly previews: { readonly at: number; readonly x: number; readonly y: number }[];
    };
  }
}

/**
 * Begins to note, in milliseconds of the page's clock: from the pointer's release to the end of the frame
 * that shows the answer, and when the pointer was where and which previews were shown.
 */
export async function watchPointing(page: Page): Promise<void> {
  await page.locator('sam-canvas').evaluate((element) => {
    const canvas = element as SamCanvas;
    const session = canvas.session!;
    const noted: NonNullable<Window['pointing']> = { clicks: [], moves: [], previews: [] };
    window.pointing = noted;
    let released: number | null = null;
    let shown = session.snapshot.hover;
    window.addEventListener('pointerup', ({ timeStamp }) => (released = timeStamp), true);
    window.addEventListener(
      'pointermove',
      ({ timeStamp, clientX, clientY }) => {
        const { left, top } = canvas.getBoundingClientRect();
        const { x, y, scale } = canvas.view;
        const at = { x: (clientX - left - x) / scale, y: (clientY - top - y) / scale };
        noted.moves.push({ at: timeStamp, ...at });
      },
      true,
    );
    // A task that was posted in a frame runs once the frame has been handed over.
    const afterFrame = (tell: (at: number) => void): void => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => tell(performance.now()), { once: true });
        port1.start();
        port2.postMessage(null);
      });
    };
    session.subscribe(() => {
      const { draft, pending, hover } = session.snapshot;
      if (released !== null && draft !== null && !pending) {
        const since = released;
        released = null;
        afterFrame((at) => noted.clicks.push(at - since));
      }
      if (hover !== null && hover !== shown) {
        const { x, y } = hover.point;
        afterFrame((at) => noted.previews.push({ at, x, y }));
      }
      shown = hover;
    });
  });
}

/** Clicks at each place, with nothing asked before, and gives the times to what is seen. */
export async function clickTimes(
  page: Page,
  places: readonly Place[],
  toPage: (x: number, y: number) => Promise<{ readonly x: number; readonly y: number }>,
): Promise<number[]> {
  const times: number[] = [];
  for (const [x, y] of places) {
    const at = await toPage(x, y);
    const count = times.length;
    await page.mouse.click(at.x, at.y);
    await page.waitForFunction((known) => window.pointing!.clicks.length > known, count);
    times.push(await page.evaluate((index) => window.pointing!.clicks[index]!, count));
    await page
      .locator('sam-canvas')
      .evaluate((element) => (element as SamCanvas).session!.clearPrompts());
    // The hand rests, as a hand does between two clicks.
    await page.waitForTimeout(150);
  }
  return times;
}

/** How previews followed the pointer. */
export interface Following {
  /** Milliseconds from being somewhere to seeing what a click there would take. */
  readonly lags: readonly number[];
  readonly previewsPerSecond: number;
}

/** Moves along a line at about sixty places a second. */
export async function followPointer(
  page: Page,
  [from, to]: readonly [Place, Place],
  seconds: number,
  toPage: (x: number, y: number) => Promise<{ readonly x: number; readonly y: number }>,
): Promise<Following> {
  const [start, end] = [await toPage(...from), await toPage(...to)];
  await page.mouse.move(start.x, start.y);
  await page.waitForTimeout(1000);
  await page.evaluate(() => {
    window.pointing!.moves.length = 0;
    window.pointing!.previews.length = 0;
  });
  const began = Date.now();
  for (let share = 0; share < 1; share = (Date.now() - began) / (seconds * 1000)) {
    const [x, y] = [start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share];
    await page.mouse.move(x, y);
    await page.waitForTimeout(16);
  }
  await page.waitForTimeout(1000);
  const { moves, previews } = await page.evaluate(() => window.pointing!);
  const lags = previews.map(({ at, x, y }) => {
    const [nearest] = moves.toSorted(
      (a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y),
    );
    return at - nearest!.at;
  });
  return { lags, previewsPerSecond: previews.length / seconds };
}
