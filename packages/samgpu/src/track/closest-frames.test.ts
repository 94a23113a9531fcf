import { expect, test } from 'vitest';

import { closestFrames } from './closest-frames.ts';

// What the official `select_closest_cond_frames` selects.
test.each([
  { frame: 5, frames: [0, 3, 9, 12], most: 2, selected: [3, 9] },
  { frame: 5, frames: [0, 3, 9, 12], most: 3, selected: [3, 9, 0] },
  { frame: 5, frames: [5, 1, 2, 8], most: 3, selected: [2, 5, 8] },
  { frame: 0, frames: [4, 6, 8], most: 2, selected: [4, 6] },
  { frame: 10, frames: [1, 2, 3], most: 2, selected: [3, 2] },
  { frame: 4, frames: [0, 9], most: Infinity, selected: [0, 9] },
])('of $frames, $most near $frame', ({ frame, frames, most, selected }) => {
  expect(closestFrames(frame, frames, most)).toEqual(selected);
});
