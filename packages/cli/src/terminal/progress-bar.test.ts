import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';

import { ProgressBar } from './progress-bar.ts';

function drawOn(isTTY: boolean, total: number): string {
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  const bar = new ProgressBar(stream, total);
  bar.advance();
  bar.clear();
  return String((stream as unknown as PassThrough).read() ?? '');
}

test('a terminal sees how far it is', () => {
  const drawn = drawOn(true, 4);
  expect(drawn).toContain('░ 0/4');
  expect(drawn).toMatch(/█{6}░{18} 1\/4, \d+ s left/);
  expect(drawn.endsWith('\r\u{1b}[K')).toBe(true);
});

test('a pipe and a single picture see nothing', () => {
  expect(drawOn(false, 4)).toBe('');
  expect(drawOn(true, 1)).toBe('');
});

test('a single picture that says how far it is is shown', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true });
  const bar = new ProgressBar(stream as unknown as NodeJS.WriteStream, 1);
  bar.within(0.25, '256 of 1024 points');
  bar.clear();
  bar.advance();
  const drawn = String(stream.read());
  expect(drawn).toMatch(/█{6}░{18} 256 of 1024 points, \d+ s left/);
  expect(drawn.endsWith('\r\u{1b}[K')).toBe(true);
});
