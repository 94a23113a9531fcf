import type { Box } from '@samgpu/mask';
import { describe, expect, test } from 'vitest';

import { boxFromCorners, PromptError, validateBox, validatePoint, type Point } from './index.ts';

const image = { width: 640, height: 480 };

function errorOf(action: () => unknown): PromptError {
  try {
    action();
  } catch (error) {
    if (error instanceof PromptError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('validatePoint', () => {
  test('fills in the label and keeps fractions', () => {
    expect(validatePoint({ x: 12.5, y: 0 }, image)).toEqual({ x: 12.5, y: 0, label: 'include' });
    expect(validatePoint({ x: 639.9, y: 479, label: 'exclude' }, image).label).toBe('exclude');
  });

  test.each<[Point, string]>([
    [{ x: Number.NaN, y: 1 }, 'not-finite'],
    [{ x: 1, y: Number.POSITIVE_INFINITY }, 'not-finite'],
    [{ x: '3' as unknown as number, y: 1 }, 'not-finite'],
    [{ x: undefined as unknown as number, y: 1 }, 'not-finite'],
    [{ x: -0.1, y: 1 }, 'outside-image'],
    [{ x: 640, y: 1 }, 'outside-image'],
    [{ x: 1, y: 480 }, 'outside-image'],
    [{ x: 1, y: 1, label: 'yes' as 'include' }, 'unknown-label'],
  ])('refuses %o as %s', (point, code) => {
    expect(errorOf(() => validatePoint(point, image)).code).toBe(code);
  });

  test('names the point, the image and the way out', () => {
    const { message, name } = errorOf(() => validatePoint({ x: 700, y: 3 }, image));
    expect(name).toBe('PromptError');
    expect(message).toContain('(700, 3)');
    expect(message).toContain('640x480');
    expect(message).toContain('original image');
  });
});

describe('validateBox', () => {
  test('keeps a box inside and clips one that is partly outside', () => {
    const inside: Box = { x: 1, y: 2, width: 3.5, height: 4 };
    expect(validateBox(inside, image)).toEqual(inside);
    expect(validateBox({ x: -10, y: 470, width: 1000, height: 30 }, image)).toEqual({
      x: 0,
      y: 470,
      width: 640,
      height: 10,
    });
  });

  test.each<[Box, string]>([
    [{ x: Number.NaN, y: 0, width: 1, height: 1 }, 'not-finite'],
    [{ x: 0, y: 0, width: Number.POSITIVE_INFINITY, height: 1 }, 'not-finite'],
    [{ x: 0, y: 0, width: 0, height: 1 }, 'no-area'],
    [{ x: 5, y: 5, width: -5, height: 5 }, 'no-area'],
    [{ x: 640, y: 0, width: 10, height: 10 }, 'outside-image'],
    [{ x: -10, y: 0, width: 10, height: 10 }, 'outside-image'],
    [{ x: 0, y: -30, width: 10, height: 10 }, 'outside-image'],
    // Too thin to be seen by float arithmetic beside its own position.
    [{ x: 600, y: 0, width: 1e-300, height: 10 }, 'outside-image'],
  ])('refuses %o as %s', (box, code) => {
    const error = errorOf(() => validateBox(box, image));
    expect(error.code).toBe(code);
    expect(error.message).toContain('640x480');
    expect(error.message).toContain(String(box.width));
  });

  test('boxFromCorners orders the corners', () => {
    expect(boxFromCorners({ x: 30, y: 5 }, { x: 10, y: 25 })).toEqual({
      x: 10,
      y: 5,
      width: 20,
      height: 20,
    });
  });
});
