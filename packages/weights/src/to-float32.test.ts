import { describe, expect, test } from 'vitest';

import { toFloat32, type WeightDtype } from './index.ts';

const allPatterns = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);

/** What IEEE 754 says a binary float of these fields is worth, in double precision; undefined for a NaN. */
function valueOf(pattern: number, exponentBits: number, fractionBits: number): number | undefined {
  const sign = pattern >>> 15 === 1 ? -1 : 1;
  const exponent = Math.floor(pattern / 2 ** fractionBits) % 2 ** exponentBits;
  const fraction = (pattern % 2 ** fractionBits) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) {
    return fraction === 0 ? sign * Infinity : undefined;
  }
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}

/** The float32 NaN with the same sign, and the same payload at the top of its 23 bits. */
function nanBits(pattern: number, fractionBits: number): number {
  const payload = (pattern % 2 ** fractionBits) * 2 ** (23 - fractionBits);
  return (pattern >>> 15) * 2 ** 31 + 0x7f800000 + payload;
}

describe.each([
  { dtype: 'f16', exponentBits: 5, fractionBits: 10 },
  { dtype: 'bf16', exponentBits: 8, fractionBits: 7 },
] as const)('toFloat32 of $dtype', ({ dtype, exponentBits, fractionBits }) => {
  test('is exact for every one of the 65536 patterns', () => {
    const actual = toFloat32(new Uint8Array(allPatterns.buffer), dtype);
    const bits = new Uint32Array(actual.buffer);
    const wrong = allPatterns.filter((pattern) => {
      const expected = valueOf(pattern, exponentBits, fractionBits);
      return expected === undefined
        ? bits[pattern] !== nanBits(pattern, fractionBits)
        : !Object.is(actual[pattern], expected);
    });
    expect([...wrong]).toEqual([]);
  });

  test('reads from an odd address', () => {
    const bytes = new Uint8Array(5).subarray(1);
    bytes.set(new Uint8Array(Uint16Array.of(0x3c00, 0x4000).buffer));
    expect([...toFloat32(bytes, dtype)]).toEqual([
      valueOf(0x3c00, exponentBits, fractionBits),
      valueOf(0x4000, exponentBits, fractionBits),
    ]);
  });
});

describe('toFloat32', () => {
  test('gives a view of aligned f32', () => {
    const bytes = new Uint8Array(16).subarray(4);
    const floats = toFloat32(bytes, 'f32');
    expect(floats.buffer).toBe(bytes.buffer);
    expect(floats.byteOffset).toBe(4);
    expect(floats.length).toBe(3);
  });

  // Buffer.slice gives a view, unlike that of other typed arrays.
  test.each([
    ['Uint8Array', (bytes: Uint8Array) => bytes],
    ['Buffer', (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)],
  ])('copies f32 in an unaligned %s', (_, wrap) => {
    const bytes = wrap(new Uint8Array(9).subarray(1));
    bytes.set(new Uint8Array(Float32Array.of(1.5, -0).buffer));
    const floats = toFloat32(bytes, 'f32');
    expect(floats.buffer).not.toBe(bytes.buffer);
    expect([...floats]).toEqual([1.5, -0]);
  });

  test.each<[WeightDtype, ArrayBufferView, number[]]>([
    ['f64', Float64Array.of(1 / 3, 1e300, -0, 1e-50), [Math.fround(1 / 3), Infinity, -0, 0]],
    ['i64', BigInt64Array.of(-1n, 2n ** 62n), [-1, 2 ** 62]],
    // 2^24 + 1 lies halfway between two float32, and goes to the even one.
    ['i32', Int32Array.of(-(2 ** 31), 2 ** 24 + 1), [-(2 ** 31), 2 ** 24]],
    ['i16', Int16Array.of(-32768, 32767), [-32768, 32767]],
    ['i8', Int8Array.of(-128, 127), [-128, 127]],
    ['u8', Uint8Array.of(0, 255), [0, 255]],
    ['bool', Uint8Array.of(0, 1), [0, 1]],
  ])('converts %s, aligned or not', (dtype, values, expected) => {
    const bytes = new Uint8Array(values.buffer);
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    expect([...toFloat32(bytes, dtype)]).toEqual(expected);
    expect([...toFloat32(shifted, dtype)]).toEqual(expected);
  });

  test('refuses part of an element, and a dtype that is none', () => {
    expect(() => toFloat32(new Uint8Array(7), 'f32')).toThrow(
      '7 bytes are not whole f32 elements, expected a multiple of 4',
    );
    expect(() => toFloat32(new Uint8Array(8), 'F32' as WeightDtype)).toThrow('dtype is "F32"');
  });
});
