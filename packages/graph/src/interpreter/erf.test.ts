import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { erf } from './erf.ts';

const table = JSON.parse(
  readFileSync(new URL('fixtures/erf-table.json', import.meta.url), 'utf8'),
) as readonly (readonly [x: number, expected: number])[];

describe('erf', () => {
  test('is within 1e-15 of the true value, relative', () => {
    // Nine halves of a unit in the last place: a few dozen roundings, most of which cancel.
    const wrong = table.filter(([x, expected]) => Math.abs(erf(x) / expected - 1) > 1e-15);
    expect(table.length).toBeGreaterThan(250);
    expect(wrong).toEqual([]);
  });

  test('is odd, saturates, and passes NaN on', () => {
    for (const [x] of table) {
      expect(erf(-x)).toBe(-erf(x));
    }
    expect(erf(0)).toBe(0);
    expect(erf(Infinity)).toBe(1);
    expect(erf(-Infinity)).toBe(-1);
    expect(erf(Number.NaN)).toBeNaN();
  });
});
