import { describe, expect, test } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';

describe('half floats', () => {
  test('come back from their values, all of them', () => {
    const all = Array.from({ length: 0x10000 }, (_, bits) => bits);
    const numbers = all.filter((bits) => (bits & 0x7fff) <= 0x7c00);
    expect([...toFloat16Bits(fromFloat16Bits(numbers))]).toEqual(numbers);
  });

  test.each([
    [1 + 2 ** -11, 0x3c00], // a tie, to even below
    [1 + 3 * 2 ** -11, 0x3c02], // a tie, to even above
    [1 + 2 ** -11 + 2 ** -20, 0x3c01],
    [65504, 0x7bff],
    [65519, 0x7bff],
    [65520, 0x7c00], // the first to become infinite
    [-Infinity, 0xfc00],
    [2 ** -25, 0x0000], // a tie, to even
    [3 * 2 ** -25, 0x0002],
    [2 ** -14 - 2 ** -26, 0x0400], // a subnormal that rounds up to a normal
  ])('round %d', (value, bits) => {
    expect(toFloat16Bits([value])[0]).toBe(bits);
  });

  test('keep NaN', () => {
    expect(fromFloat16Bits(toFloat16Bits([Number.NaN]))[0]).toBeNaN();
  });
});
