import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { pinchView } from './pinch.ts';
import { scaleLimits } from './scale-limits.ts';
import {
  boundsInElement,
  boundsInImage,
  fitView,
  keepInSight,
  rotateAt,
  scaleAt,
  toElement,
  toImage,
  type View,
  viewMatrix,
} from './view.ts';

const views: fc.Arbitrary<View> = fc.record({
  scale: fc.double({ min: 0.01, max: 64, noNaN: true }),
  x: fc.double({ min: -5000, max: 5000, noNaN: true }),
  y: fc.double({ min: -5000, max: 5000, noNaN: true }),
  rotation: fc.oneof(
    fc.constantFrom(0, 90, 180, 270),
    fc.double({ min: 0, max: 360, noNaN: true }),
  ),
});
const places = fc.record({
  x: fc.double({ min: -4000, max: 4000, noNaN: true }),
  y: fc.double({ min: -4000, max: 4000, noNaN: true }),
});
const unlimited = { minimum: 1e-9, maximum: 1e9 };

describe('a view', () => {
  test('there and back again is the same place', () => {
    fc.assert(
      fc.property(views, places, (view, place) => {
        const back = toElement(view, toImage(view, place));
        // Doubles of a few thousand have an error of 1e-12, and 100 pixels of picture per CSS pixel.
        expect(Math.hypot(back.x - place.x, back.y - place.y)).toBeLessThan(1e-6);
      }),
    );
  });

  test('scaling and turning leave what is under the anchor', () => {
    fc.assert(
      fc.property(
        views,
        places,
        fc.double({ min: 0.02, max: 50, noNaN: true }),
        (view, anchor, by) => {
          const under = toImage(view, anchor);
          for (const after of [
            scaleAt(view, view.scale * by, anchor, unlimited),
            rotateAt(view, by * 33, anchor),
          ]) {
            const seen = toElement(after, under);
            expect(Math.hypot(seen.x - anchor.x, seen.y - anchor.y)).toBeLessThan(1e-5);
          }
        },
      ),
    );
  });

  test('zooming in and out again gives the view that was, also in between limits', () => {
    const view = { scale: 0.7, x: -31, y: 12.5 };
    const anchor = { x: 211, y: 97 };
    let after: View = view;
    for (let i = 0; i < 20; i++) after = scaleAt(after, after.scale * 1.1, anchor, unlimited);
    for (let i = 0; i < 20; i++) after = scaleAt(after, after.scale / 1.1, anchor, unlimited);
    expect(after.scale).toBeCloseTo(view.scale, 9);
    expect(after.x).toBeCloseTo(view.x, 7);
    expect(after.y).toBeCloseTo(view.y, 7);
    const limited = scaleAt(view, 100, anchor, { minimum: 0.1, maximum: 8 });
    expect(limited.scale).toBe(8);
    expect(toImage(limited, anchor).x).toBeCloseTo(toImage(view, anchor).x, 9);
  });

  test('fits a picture into the middle, turned as well', () => {
    expect(fitView({ width: 600, height: 400 }, { width: 300, height: 300 })).toEqual({
      scale: 0.5,
      x: 0,
      y: 50,
    });
    const turned = fitView(
      { width: 600, height: 400 },
      { width: 400, height: 600 },
      { rotation: 90 },
    );
    expect(boundsInElement(turned, { width: 600, height: 400 })).toEqual({
      x: 0,
      y: 0,
      width: 400,
      height: 600,
    });
    expect(viewMatrix(turned, 2)).toEqual([0, 2, -2, 0, 800, 0]);
  });

  test('tells which part of a picture is seen', () => {
    const view = { scale: 2, x: -100, y: -50 };
    expect(boundsInImage(view, { width: 200, height: 100 })).toEqual({
      x: 50,
      y: 25,
      width: 100,
      height: 50,
    });
  });

  test('keeps some of the picture in sight', () => {
    const [image, element] = [
      { width: 100, height: 100 },
      { width: 300, height: 200 },
    ];
    expect(keepInSight({ scale: 1, x: 10, y: 10 }, image, element)).toEqual({
      scale: 1,
      x: 10,
      y: 10,
    });
    expect(keepInSight({ scale: 1, x: 900, y: -900 }, image, element)).toEqual({
      scale: 1,
      x: 250,
      y: -50,
    });
    expect(keepInSight({ scale: 20, x: 900, y: -9000 }, image, element)).toEqual({
      scale: 20,
      x: 236,
      y: -1936,
    });
  });
});

describe('limits', () => {
  test('reach from half of what fits to single pixels', () => {
    const element = { width: 600, height: 400 };
    expect(scaleLimits({ width: 6000, height: 4000 }, element)).toEqual({
      minimum: 0.05,
      maximum: 32,
    });
    expect(scaleLimits({ width: 6, height: 4 }, element)).toEqual({ minimum: 0.5, maximum: 200 });
    expect(scaleLimits({ width: 600, height: 400 }, element, { maximum: 4, minimum: 9 })).toEqual({
      minimum: 4,
      maximum: 4,
    });
  });
});

describe('two fingers', () => {
  test('keep what is between them', () => {
    const view = { scale: 1, x: 0, y: 0 };
    const from = [
      { x: 100, y: 100 },
      { x: 200, y: 100 },
    ] as const;
    const to = [
      { x: 150, y: 180 },
      { x: 350, y: 180 },
    ] as const;
    const after = pinchView(view, from, to, unlimited);
    expect(after).toEqual({ scale: 2, x: -50, y: -20 });
    expect(toElement(after, toImage(view, from[0]))).toEqual(to[0]);
    expect(pinchView(after, to, from, unlimited)).toEqual(view);
  });

  test('in one place do not divide by nothing', () => {
    const place = { x: 5, y: 5 };
    expect(
      pinchView({ scale: 1, x: 0, y: 0 }, [place, place], [place, place], unlimited).scale,
    ).toBe(1);
  });
});
