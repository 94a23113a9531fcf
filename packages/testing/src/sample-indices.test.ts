import { describe, expect, test } from 'vitest';

import { sampleIndices, seededValues, takeSamples, unpackBits, unpackMasks } from './index.ts';

describe('sampleIndices', () => {
  test('follows the formula, by exact integers', () => {
    const size = 300_000_001;
    const expected = Array.from({ length: 5000 }, (_, k) =>
      Number(((BigInt(k) * 2654435761n) % 2n ** 32n) % BigInt(size)),
    );
    expect([...sampleIndices(size, 5000)]).toEqual(expected);
  });

  test('of a smaller or equal tensor is everything in order', () => {
    expect([...sampleIndices(4, 9)]).toEqual([0, 1, 2, 3]);
    expect([...sampleIndices(4, 4)]).toEqual([0, 1, 2, 3]);
    expect([...sampleIndices(0, 4)]).toEqual([]);
  });

  test('of fewer samples is a prefix', () => {
    expect(sampleIndices(10_000, 2048)).toEqual(sampleIndices(10_000, 8192).subarray(0, 2048));
  });

  test('picks values', () => {
    const whole = Float32Array.from({ length: 100 }, (_, i) => i / 2);
    expect([...takeSamples(whole, 3)]).toEqual(
      [0, 2654435761 % 100, ((2 * 2654435761) % 2 ** 32) % 100].map((i) => i / 2),
    );
  });
});

describe('packed bits', () => {
  test('start with the lowest', () => {
    expect([...unpackBits(Uint8Array.of(0b0000_0101, 0b1), 9)]).toEqual([
      1, 0, 1, 0, 0, 0, 0, 0, 1,
    ]);
    expect(() => unpackBits(new Uint8Array(1), 9)).toThrow('1 bytes hold 8 bits, expected 9');
  });

  test('of masks start anew at a byte for each', () => {
    expect([...unpackMasks(Uint8Array.of(0b101, 0b110), 2, 3)]).toEqual([1, 0, 1, 0, 1, 1]);
    expect(() => unpackMasks(new Uint8Array(3), 2, 9)).toThrow('got 3 bytes, expected 4');
  });
});

describe('seededValues', () => {
  test('depend on the seed alone', () => {
    expect(seededValues(100, 3)).toEqual(seededValues(100, 3));
    expect(seededValues(100, 3)).not.toEqual(seededValues(100, 4));
    expect(seededValues(10, 3)).toEqual(seededValues(100, 3).subarray(0, 10));
  });

  test('fill [-1, 1) evenly', () => {
    const values = seededValues(40_000, 1);
    const bins = new Array<number>(8).fill(0);
    let sum = 0;
    for (const value of values) {
      const bin = Math.floor((value + 1) * 4);
      bins[bin] = (bins[bin] ?? 0) + 1;
      sum += value;
    }
    // 5000 in each, with a deviation of 66; the mean deviates by 0.58 / sqrt(40000) = 0.003. Five times that.
    expect(bins.length).toBe(8);
    expect(Math.max(...bins.map((count) => Math.abs(count - 5000)))).toBeLessThan(330);
    expect(Math.abs(sum / values.length)).toBeLessThan(0.015);
  });
});
