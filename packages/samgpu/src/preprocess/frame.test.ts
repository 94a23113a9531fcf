import { describe, expect, test } from 'vitest';

import { Frame } from './frame.ts';

const sam = {
  size: 1024,
  fit: 'longest-side',
  rounding: 'half-up',
  coordinates: 'scaled',
} as const;
const nano = {
  size: 384,
  fit: 'longest-side',
  rounding: 'half-even',
  coordinates: 'pixel-centers',
} as const;

describe('Frame', () => {
  test.each([
    { width: 1080, height: 720, resized: [1024, 683] }, // 682.67
    { width: 333, height: 500, resized: [682, 1024] }, // 681.98
    { width: 2048, height: 1365, resized: [1024, 683] }, // 682.5 rounds up
    { width: 5000, height: 1, resized: [1024, 1] }, // 0.2 keeps one pixel
    { width: 1, height: 1, resized: [1024, 1024] },
  ])('sizes $width x $height for SAM as $resized', ({ width, height, resized }) => {
    const frame = new Frame({ width, height }, sam);
    expect([frame.resized.width, frame.resized.height]).toEqual(resized);
  });

  test.each([
    { width: 768, height: 481, resized: [384, 240] }, // 240.5 rounds to even
    { width: 768, height: 483, resized: [384, 242] }, // 241.5 rounds to even
    { width: 768, height: 482, resized: [384, 241] },
    { width: 240, height: 384, resized: [240, 384] },
  ])('sizes $width x $height for nano as $resized', ({ width, height, resized }) => {
    const frame = new Frame({ width, height }, nano);
    expect([frame.resized.width, frame.resized.height]).toEqual(resized);
  });

  test('fills the square when squashing, and scales each axis by itself', () => {
    const frame = new Frame({ width: 2048, height: 512 }, { ...sam, fit: 'squash' });
    expect(frame.resized).toEqual({ width: 1024, height: 1024 });
    expect(frame.toFrame(100, 100)).toEqual({ x: 50, y: 200 });
  });

  test('scales prompts by the rounded sizes for SAM', () => {
    const frame = new Frame({ width: 1080, height: 720 }, sam);
    // 720 is the lower edge and becomes the 683 rows that the image has.
    expect(frame.toFrame(1080, 720)).toEqual({ x: 1024, y: 683 });
    // apply_coords of the official code, rounded to f32.
    expect(frame.toFrame(201.161, 248.804)).toEqual({
      x: Math.fround(190.73042962962964),
      y: Math.fround(236.01823888888887),
    });
  });

  test('maps centres of pixels onto centres for nano, by one scale', () => {
    const frame = new Frame({ width: 768, height: 481 }, nano);
    expect(frame.toFrame(0, 0)).toEqual({ x: -0.25, y: -0.25 });
    expect(frame.toFrame(767, 480)).toEqual({ x: 383.25, y: 239.75 });
  });
});
