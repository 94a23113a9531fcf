import { describe, expect, test } from 'vitest';

import { quantile, spreadOf, timeRuns } from './statistics.ts';

describe('spreadOf', () => {
  test('sorts before it takes quantiles', () => {
    expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ median: 3, p10: 1.4, p90: 4.6, runs: 5 });
  });

  test('interpolates between two middles', () => {
    expect(quantile([1, 2, 10, 20], 0.5)).toBe(6);
  });
});

describe('timeRuns', () => {
  test('runs warm-ups that are not counted', async () => {
    let calls = 0;
    const spread = await timeRuns(async () => (calls += 1), { warmup: 2, runs: 5 });
    expect(calls).toBe(7);
    expect(spread.runs).toBe(5);
  });
});
