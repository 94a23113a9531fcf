import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import {
  type DragMode,
  type Gesture,
  GestureRecognizer,
  LONG_PRESS,
  type PointerSample,
} from './gestures.ts';

let mode: DragMode = 'tap';
let seen: Gesture[] = [];
let recognizer: GestureRecognizer;

beforeEach(() => {
  vi.useFakeTimers();
  mode = 'tap';
  seen = [];
  recognizer = new GestureRecognizer(
    () => mode,
    (gesture) => seen.push(gesture),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

function at(x: number, y: number, more: Partial<PointerSample> = {}): PointerSample {
  return { id: 1, kind: 'mouse', button: 0, modifier: false, x, y, ...more };
}

/** What was recognised since the last time, without the end of hovering that each press brings. */
function gestures(): Gesture[] {
  const taken = seen.filter(({ type }) => type !== 'leave');
  seen = [];
  return taken;
}

describe('a mouse', () => {
  test('hovers, clicks, and means the opposite with the right button or the modifier', () => {
    recognizer.move(at(3, 4));
    expect(seen).toEqual([{ type: 'hover', at: { x: 3, y: 4 } }]);
    gestures();
    recognizer.down(at(10, 10));
    expect(recognizer.isBusy).toBe(true);
    recognizer.move(at(12, 12)); // A hand is never still.
    recognizer.up(at(12, 12));
    recognizer.down(at(20, 20, { button: 2 }));
    recognizer.up(at(20, 20, { button: 2 }));
    recognizer.down(at(30, 30, { modifier: true }));
    recognizer.up(at(30, 30));
    expect(gestures()).toEqual([
      { type: 'tap', at: { x: 10, y: 10 }, opposite: false },
      { type: 'tap', at: { x: 20, y: 20 }, opposite: true },
      { type: 'tap', at: { x: 30, y: 30 }, opposite: true },
    ]);
    expect(recognizer.isBusy).toBe(false);
  });

  test('drags the view, from where it was pressed, by any button', () => {
    for (const button of [0, 1, 2]) {
      recognizer.down(at(10, 10, { button }));
      recognizer.move(at(30, 15, { button }));
      recognizer.move(at(35, 15, { button }));
      recognizer.up(at(35, 15, { button }));
      expect(gestures()).toEqual([
        { type: 'pan', by: { x: 20, y: 5 } },
        { type: 'pan', by: { x: 5, y: 0 } },
      ]);
    }
  });

  test('draws where the tool draws, and a click stays a click', () => {
    mode = 'draw';
    recognizer.down(at(10, 10));
    recognizer.move(at(30, 15));
    recognizer.move(at(35, 15));
    recognizer.up(at(35, 15));
    recognizer.down(at(7, 7));
    recognizer.up(at(7, 7));
    expect(gestures()).toEqual([
      { type: 'draw-start', at: { x: 10, y: 10 }, opposite: false },
      { type: 'draw', at: { x: 30, y: 15 } },
      { type: 'draw', at: { x: 35, y: 15 } },
      { type: 'draw-end' },
      { type: 'tap', at: { x: 7, y: 7 }, opposite: false },
    ]);
  });

  test('moves a handle, or clicks it', () => {
    recognizer.down(at(10, 10, { handle: 'a' }));
    recognizer.up(at(10, 10));
    recognizer.down(at(10, 10, { handle: 'b' }));
    recognizer.move(at(40, 10));
    recognizer.up(at(40, 10));
    expect(gestures()).toEqual([
      { type: 'handle-tap', handle: 'a' },
      { type: 'grab-start', handle: 'b', at: { x: 10, y: 10 } },
      { type: 'grab', handle: 'b', at: { x: 40, y: 10 } },
      { type: 'grab-end', handle: 'b' },
    ]);
  });

  test('does not hover over handles, nor after it left', () => {
    recognizer.move(at(1, 1, { handle: 'a' }));
    recognizer.leave(at(0, 0));
    expect(seen).toEqual([{ type: 'leave' }, { type: 'leave' }]);
  });

  test('with no tool it is left to the page', () => {
    mode = 'none';
    expect(recognizer.down(at(1, 1))).toBe(false);
    recognizer.up(at(1, 1));
    expect(gestures()).toEqual([]);
  });

  test('back and forward buttons belong to the browser', () => {
    expect(recognizer.down(at(1, 1, { button: 3 }))).toBe(false);
  });
});

describe('giving up', () => {
  test('a drawing that is cancelled stays so until the pointer is up', () => {
    mode = 'draw';
    recognizer.down(at(10, 10));
    recognizer.move(at(30, 15));
    expect(recognizer.cancel()).toBe(true);
    recognizer.move(at(50, 15));
    recognizer.up(at(50, 15));
    expect(recognizer.cancel()).toBe(false);
    expect(gestures().at(-1)).toEqual({ type: 'draw-cancel' });
    recognizer.down(at(10, 10));
    recognizer.up(at(10, 10));
    expect(gestures()).toEqual([{ type: 'tap', at: { x: 10, y: 10 }, opposite: false }]);
  });

  test('a pointer that the browser takes ends what it did', () => {
    recognizer.down(at(10, 10, { handle: 'a' }));
    recognizer.move(at(30, 15));
    recognizer.lost(at(30, 15));
    expect(gestures().at(-1)).toEqual({ type: 'grab-cancel', handle: 'a' });
    expect(recognizer.isBusy).toBe(false);
  });
});

describe('fingers', () => {
  const finger = (id: number, x: number, y: number): PointerSample =>
    at(x, y, { id, kind: 'touch' });

  test('tap, and by a long press mean the opposite, at once', () => {
    recognizer.down(finger(1, 10, 10));
    recognizer.up(finger(1, 11, 11));
    recognizer.down(finger(2, 20, 20));
    vi.advanceTimersByTime(LONG_PRESS + 1);
    expect(gestures()).toEqual([
      { type: 'tap', at: { x: 10, y: 10 }, opposite: false },
      { type: 'tap', at: { x: 20, y: 20 }, opposite: true },
    ]);
    recognizer.move(finger(2, 80, 80));
    recognizer.up(finger(2, 80, 80));
    expect(gestures()).toEqual([]);
  });

  test('one that moves does not press long', () => {
    recognizer.down(finger(1, 10, 10));
    recognizer.move(finger(1, 40, 10));
    vi.advanceTimersByTime(LONG_PRESS * 2);
    recognizer.up(finger(1, 40, 10));
    expect(gestures()).toEqual([{ type: 'pan', by: { x: 30, y: 0 } }]);
  });

  test('rest before they draw, to draw the opposite', () => {
    mode = 'draw';
    recognizer.down(finger(1, 10, 10));
    vi.advanceTimersByTime(LONG_PRESS + 1);
    recognizer.move(finger(1, 40, 10));
    recognizer.up(finger(1, 40, 10));
    expect(gestures()[0]).toEqual({ type: 'draw-start', at: { x: 10, y: 10 }, opposite: true });
  });

  test('two pinch; what one drew is given up, and the one that stays moves on', () => {
    mode = 'draw';
    recognizer.down(finger(1, 0, 0));
    recognizer.move(finger(1, 20, 0));
    recognizer.down(finger(2, 100, 0));
    recognizer.move(finger(2, 120, 0));
    recognizer.move(finger(1, 20, 10));
    recognizer.up(finger(2, 120, 0));
    recognizer.move(finger(1, 25, 10));
    recognizer.up(finger(1, 25, 10));
    expect(gestures()).toEqual([
      { type: 'draw-start', at: { x: 0, y: 0 }, opposite: false },
      { type: 'draw', at: { x: 20, y: 0 } },
      { type: 'draw-cancel' },
      {
        type: 'pinch',
        from: [
          { x: 20, y: 0 },
          { x: 100, y: 0 },
        ],
        to: [
          { x: 20, y: 0 },
          { x: 120, y: 0 },
        ],
      },
      {
        type: 'pinch',
        from: [
          { x: 20, y: 0 },
          { x: 120, y: 0 },
        ],
        to: [
          { x: 20, y: 10 },
          { x: 120, y: 0 },
        ],
      },
      { type: 'pan', by: { x: 5, y: 0 } },
    ]);
  });

  test('a third is ignored, and a tap of two is no tap', () => {
    recognizer.down(finger(1, 0, 0));
    recognizer.down(finger(2, 100, 0));
    expect(recognizer.down(finger(3, 50, 50))).toBe(false);
    recognizer.up(finger(3, 50, 50));
    recognizer.up(finger(2, 100, 0));
    recognizer.up(finger(1, 0, 0));
    expect(gestures()).toEqual([]);
    expect(recognizer.isBusy).toBe(false);
  });
});

describe('a pen', () => {
  const pen = (x: number, y: number, button = 0): PointerSample =>
    at(x, y, { kind: 'pen', button });

  test('hovers, and excludes by its barrel and its eraser', () => {
    recognizer.move(pen(1, 2, -1));
    expect(gestures()).toEqual([{ type: 'hover', at: { x: 1, y: 2 } }]);
    for (const button of [2, 5]) {
      recognizer.down(pen(5, 5, button));
      recognizer.up(pen(5, 5, button));
    }
    expect(gestures()).toEqual([
      { type: 'tap', at: { x: 5, y: 5 }, opposite: true },
      { type: 'tap', at: { x: 5, y: 5 }, opposite: true },
    ]);
  });

  test('is not disturbed by the hand that holds it', () => {
    mode = 'draw';
    recognizer.down(pen(0, 0));
    recognizer.move(pen(20, 0));
    expect(recognizer.down(at(90, 90, { id: 7, kind: 'touch' }))).toBe(false);
    recognizer.up(pen(20, 0));
    expect(gestures().at(-1)).toEqual({ type: 'draw-end' });
  });
});
