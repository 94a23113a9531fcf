import { beforeEach, describe, expect, test } from 'vitest';

import { Viewport } from './viewport.ts';

let changes = 0;
let viewport: Viewport;

beforeEach(() => {
  changes = 0;
  viewport = new Viewport(() => (changes += 1));
  viewport.resize({ width: 300, height: 200 });
  viewport.showImage({ width: 600, height: 400 });
});

describe('a viewport', () => {
  test('shows all of a picture, also when its size changes, until somebody looks closer', () => {
    expect(viewport.view).toEqual({ scale: 0.5, x: 0, y: 0 });
    viewport.resize({ width: 600, height: 400 });
    expect(viewport.view).toEqual({ scale: 1, x: 0, y: 0 });
    viewport.zoomTo(2);
    const middle = viewport.toImage(viewport.middle);
    viewport.resize({ width: 500, height: 440 });
    expect(viewport.view.scale).toBe(2);
    expect(viewport.toImage(viewport.middle)).toEqual(middle);
    viewport.fit();
    expect(viewport.isFitted).toBe(true);
  });

  test('keeps the view for another picture of the same size, and starts anew for others', () => {
    viewport.zoomTo(2);
    viewport.showImage({ width: 600, height: 400 });
    expect(viewport.view.scale).toBe(2);
    viewport.showImage({ width: 60, height: 40 });
    expect(viewport.view.scale).toBe(5);
  });

  test('brings a pixel into sight, and nothing that is there already', () => {
    viewport.zoomTo(4);
    const before = changes;
    viewport.reveal(viewport.toImage({ x: 150, y: 100 }), 20);
    expect(changes).toBe(before);
    viewport.reveal({ x: 0, y: 0 }, 20);
    expect(viewport.toElement({ x: 0, y: 0 })).toEqual({ x: 20, y: 20 });
  });

  test('tells of changes only', () => {
    const before = changes;
    viewport.fit();
    viewport.panBy({ x: 0, y: 0 });
    expect(changes).toBe(before);
    viewport.rotateBy(90);
    expect(viewport.view).toMatchObject({ rotation: 90 });
    expect(changes).toBeGreaterThan(before);
  });
});
