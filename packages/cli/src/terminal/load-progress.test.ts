import { PassThrough } from 'node:stream';
import type { Progress } from 'samgpu';
import { expect, test } from 'vitest';

import { LoadProgress } from './load-progress.ts';

function shown(isTTY: boolean, events: readonly Partial<Progress>[]): string {
  const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  const progress = new LoadProgress(stream, 'mobile-sam');
  for (const event of events) {
    progress.update({ stage: 'weights', loaded: 0, total: 4e7, ...event });
  }
  progress.close();
  return String((stream as unknown as PassThrough).read() ?? '');
}

const download: readonly Partial<Progress>[] = [
  { phase: 'downloading', loaded: 1e7, resumed: 1e7 },
  { phase: 'downloading', loaded: 4e7, resumed: 1e7 },
  { phase: 'done', loaded: 4e7 },
  { stage: 'compile', loaded: 0, total: 2 },
];

test('a terminal sees a bar, and at the end a line', () => {
  const text = shown(true, download);
  expect(text).toContain('downloading mobile-sam ██████░░░░░░░░░░░░░░░░░░ 10.0 MB of 40.0 MB');
  expect(text).toContain('████████████████████████ 40.0 MB of 40.0 MB');
  expect(text.endsWith('\r\u{1b}[Kdownloaded mobile-sam, 40.0 MB\n')).toBe(true);
});

test('a pipe gets a line when a download begins and one when it has ended', () => {
  expect(shown(false, download)).toBe(
    'downloading mobile-sam, 40.0 MB, going on after 10.0 MB\ndownloaded mobile-sam, 40.0 MB\n',
  );
});

test('what is there already is not spoken of', () => {
  const stored: readonly Partial<Progress>[] = [
    { phase: 'checking', loaded: 4e7 },
    { phase: 'done', loaded: 4e7 },
  ];
  expect(shown(false, stored)).toBe('');
  expect(shown(true, stored)).toBe('');
});

test('a failed attempt is told, in a pipe once', () => {
  const failed = { phase: 'retrying', reason: 'no answer' } as const;
  expect(shown(false, [failed, failed])).toBe('mobile-sam: no answer; trying again\n');
  expect(shown(true, [failed])).toContain('mobile-sam: no answer; trying again');
});

test('waiting for another process is told on a terminal', () => {
  expect(shown(true, [{ phase: 'waiting' }])).toContain('another process');
});
