import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { ResampleMethod } from '@samgpu/variant';
import { describe, expect, test } from 'vitest';

import { resizeRows } from './resize.ts';
import { SourceRows } from './source-rows.ts';

interface ReferenceCase {
  readonly method: ResampleMethod;
  readonly from: readonly [width: number, height: number];
  readonly to: readonly [width: number, height: number];
  readonly sha256?: string;
  readonly samples?: string;
}

// Made by fixtures/make-resize.py with Pillow, OpenCV and PyTorch.
const cases = JSON.parse(
  readFileSync(new URL('fixtures/resize.json', import.meta.url), 'utf8'),
) as ReferenceCase[];
const name = ({ method, from, to }: ReferenceCase): string =>
  `${method}: ${from.join(' x ')} to ${to.join(' x ')}`;

const byteCases = cases.filter((reference) => reference.sha256 !== undefined);
const floatCases = cases.filter((reference) => reference.samples !== undefined);

describe('resizeRows', () => {
  test.each(byteCases.map((reference) => [name(reference), reference] as const))(
    'gives the bytes of the original library, %s',
    (_, reference) => {
      const resized = resize(reference);
      const hash = createHash('sha256').update(Uint8Array.from(resized)).digest('hex');
      expect(hash).toBe(reference.sha256);
    },
  );

  test.each(floatCases.map((reference) => [name(reference), reference] as const))(
    'gives the floats of PyTorch, %s',
    (_, reference) => {
      const resized = resize(reference);
      const bytes = Uint8Array.from(Buffer.from(reference.samples!, 'base64'));
      const expected = new Float32Array(bytes.buffer);
      const actual = resized.filter((_, index) => index % 29 === 0);
      expect(actual).toHaveLength(expected.length);
      const worst = actual.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - expected.at(index)!)),
        0,
      );
      // Values are at most 1 and PyTorch's sums of up to 52 products are rounded to f32 at each
      // step, ours once: a few steps of 6e-8.
      expect(worst).toBeLessThan(5e-7);
    },
  );

  test('makes every row once, from top to bottom', () => {
    const rows: number[] = [];
    const source = new SourceRows(noise(50, 40));
    const sink = {
      bytes: (_: unknown, y: number) => void rows.push(y),
      floats: () => expect.unreachable(),
    };
    resizeRows(source, { width: 8, height: 5 }, 'pillow-bilinear', sink);
    expect(rows).toEqual([0, 1, 2, 3, 4]);
  });

  test('puts transparent pixels on white', () => {
    const data = Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 128, 7, 8, 9, 1);
    const source = new SourceRows({ width: 4, height: 1, channels: 4, data });
    const { bytes, offset } = source.read(0);
    // 0 at alpha 128 is 255 * 127 / 255 = 127; 100 becomes 50.2 + 127 = 177.2.
    const expected = [10, 20, 30, 255, 255, 255, 127, 177, 255, 254, 254, 254];
    expect([...bytes.subarray(offset, offset + 12)]).toEqual(expected);
  });
});

function resize({ method, from, to }: ReferenceCase): number[] {
  const resized: number[] = [];
  const append = (row: Uint8ClampedArray | Float32Array): void => void resized.push(...row);
  const size = { width: to[0], height: to[1] };
  resizeRows(new SourceRows(noise(...from)), size, method, { bytes: append, floats: append });
  return resized;
}

function noise(width: number, height: number) {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    let x = Math.imul(index, 0x9e3779b9);
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    return x >>> 16;
  });
  return { width, height, channels: 3, data } as const;
}
