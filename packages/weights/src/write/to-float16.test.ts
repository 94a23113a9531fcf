import { expect, test } from 'vitest';

import { toFloat32 } from '../to-float32.ts';
import { firstOverflow, toFloat16 } from './to-float16.ts';

const bitsOf = (value: number): number => toFloat16(Float32Array.of(value))[0]!;
const valueOf = (bits: number): number =>
  toFloat32(new Uint8Array(Uint16Array.of(bits).buffer), 'f16')[0]!;

test('every float16 comes back as it was', () => {
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  const back = toFloat16(toFloat32(new Uint8Array(all.buffer), 'f16'));
  for (const [index, bits] of all.entries()) {
    const isSignalling = (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
    // A NaN comes back as a quiet one.
    expect(back[index]).toBe(isSignalling ? bits | 0x200 : bits);
  }
});

test('between two neighbours the nearer one is taken, and the even one in the middle', () => {
  for (let bits = 0; bits < 0x7bff; bits++) {
    const low = valueOf(bits);
    const high = valueOf(bits + 1);
    const middle = (low + high) / 2; // exact: float32 has 13 more bits
    const step = (high - low) / 2 ** 12;
    const even = bits % 2 === 0 ? bits : bits + 1;
    expect([middle - step, middle, middle + step].map(bitsOf)).toEqual([bits, even, bits + 1]);
    expect(bitsOf(-middle)).toBe(even | 0x8000);
  }
});

test('the ends of the range', () => {
  expect(bitsOf(65519.996)).toBe(0x7bff);
  expect(bitsOf(65520)).toBe(0x7c00);
  expect(bitsOf(-Number.MAX_VALUE)).toBe(0xfc00);
  expect(bitsOf(2 ** -25)).toBe(0); // the middle between 0 and the smallest
  expect(bitsOf(2 ** -25 * 1.0001)).toBe(1);
  expect(bitsOf(2 ** -149)).toBe(0);
  expect(bitsOf(-0)).toBe(0x8000);
  // A NaN whose payload is in the lower bits only.
  const nan = new Float32Array(Uint32Array.of(0x7f800001).buffer);
  expect(toFloat16(nan)[0]! & 0x7fff).toBe(0x7e00);
});

test('finite numbers beyond the range are found, infinities are not', () => {
  expect(firstOverflow(Float32Array.of(1, 65504, 65519, Infinity, Number.NaN))).toBeUndefined();
  expect(firstOverflow(Float32Array.of(1, -65520, 1e9))).toBe(-65520);
});
