import type { ProfileEntry } from '@samgpu/webgpu';
import { expect, test } from 'vitest';

import { formatProfile, timesByKind } from './kernel-profile.ts';

const entry = (kernel: string, milliseconds: number, flops = 0): ProfileEntry => ({
  label: `blocks.0 ${kernel}`,
  kernel,
  milliseconds,
  share: milliseconds / 10,
  flops,
  clock: 'timestamp',
});

const entries = [
  entry('copy 64', 1),
  entry('matmul-tiled 64x64x64', 2, 4e6),
  entry('matmul-tiled 128x64x64', 6, 8e6),
  entry('clear', 1),
];

test('dispatches of one kind add up, whatever their sizes', () => {
  expect(timesByKind(entries)).toEqual([
    { kind: 'matmul-tiled', dispatches: 2, milliseconds: 8, share: 0.8, gigaflops: 1.5 },
    { kind: 'copy', dispatches: 1, milliseconds: 1, share: 0.1, gigaflops: 0 },
    { kind: 'clear', dispatches: 1, milliseconds: 1, share: 0.1, gigaflops: 0 },
  ]);
});

test('a clock too coarse for a kernel gives no rate', () => {
  expect(timesByKind([entry('matmul 1x1x1', 0, 2)])).toMatchObject([{ gigaflops: 0 }]);
});

test('the tables start with the longest', () => {
  const lines = formatProfile('encoder', entries).split('\n');
  expect(lines[0]).toBe('encoder: 10.000 ms on the device in 4 dispatches (timestamp)');
  expect(lines[4]).toBe('| matmul-tiled | 2          | 8.000 | 80.0 % | 1.5     |');
  expect(lines.find((line) => line.startsWith('| blocks.0'))).toContain('128x64x64');
});
