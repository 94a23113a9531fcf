import { type Bitmap, bitmapFrom } from '@samgpu/mask';
import { describe, expect, test } from 'vitest';

import { type PathSink, traceOutline } from './outline.ts';

/** Every position that a path goes to, ring by ring. */
class Recorder implements PathSink {
  readonly rings: [x: number, y: number][][] = [];
  moveTo(x: number, y: number): void {
    this.rings.push([[x, y]]);
  }
  lineTo(x: number, y: number): void {
    this.rings.at(-1)!.push([x, y]);
  }
  quadraticCurveTo(controlX: number, controlY: number, x: number, y: number): void {
    const [fromX, fromY] = this.rings.at(-1)!.at(-1)!;
    // The middle of a parabola.
    this.lineTo(fromX / 4 + controlX / 2 + x / 4, fromY / 4 + controlY / 2 + y / 4);
    this.lineTo(x, y);
  }
  closePath(): void {}
}

function trace(bitmap: Bitmap, smooth: boolean): Recorder['rings'] {
  const recorder = new Recorder();
  traceOutline(bitmap, recorder, { x: 100, y: 50, side: 2, smooth });
  return recorder.rings;
}

function disc(radius: number): Bitmap {
  const side = 2 * radius + 4;
  const middle = side / 2;
  const pixels = Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [(at % side) + 0.5, Math.floor(at / side) + 0.5];
    return Math.hypot(x - middle, y - middle) < radius;
  });
  return bitmapFrom(pixels, side, side);
}

describe('outlines', () => {
  test('follow the edges of pixels, holes too, in pixels of the picture', () => {
    const ring = bitmapFrom([1, 1, 1, 1, 0, 1, 1, 1, 1], 3, 3);
    expect(
      trace(ring, false).map((one) => one.toSorted(([x, y], [u, v]) => x - u || y - v)),
    ).toEqual([
      [
        [100, 50],
        [100, 56],
        [106, 50],
        [106, 56],
      ],
      [
        [102, 52],
        [102, 54],
        [104, 52],
        [104, 54],
      ],
    ]);
  });

  test('or are as round as what they are of, within a pixel', () => {
    const radius = 40;
    const [outline] = trace(disc(radius), true);
    const distances = outline!.map(([x, y]) =>
      Math.hypot((x - 100) / 2 - radius - 2, (y - 50) / 2 - radius - 2),
    );
    expect(Math.max(...distances) - radius).toBeLessThan(0.75);
    expect(radius - Math.min(...distances)).toBeLessThan(0.75);
    // Each corner is three positions here; there are far fewer than the stairs have.
    expect(outline!.length / 3).toBeLessThan(trace(disc(radius), false)[0]!.length);
  });
});
