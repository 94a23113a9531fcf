import { describe, expect, test } from 'vitest';

import { compare, expectClose, MismatchError } from './index.ts';

describe('compare', () => {
  test('gives the largest errors and where the absolute one is', () => {
    expect(compare([1, 2.5, 0.25], [1, 2, 0.125])).toEqual({
      maxAbsError: 0.5,
      maxRelativeError: 1,
      rmsError: Math.sqrt((0.25 + 0.015625) / 3),
      worstIndex: 1,
    });
  });

  test('has an infinite relative error where 0 was missed, none where it was met', () => {
    expect(compare([0.5], [0]).maxRelativeError).toBe(Infinity);
    expect(compare([0], [0]).maxRelativeError).toBe(0);
  });

  test('takes equal infinities for equal and others for infinitely far apart', () => {
    expect(compare([Infinity, 1], [Infinity, 1]).maxAbsError).toBe(0);
    expect(compare([Infinity], [-Infinity]).maxAbsError).toBe(Infinity);
    expect(compare([1], [Infinity]).maxAbsError).toBe(Infinity);
  });

  test('finds nothing wrong with nothing', () => {
    expect(compare([], [])).toMatchObject({ maxAbsError: 0, rmsError: 0, worstIndex: -1 });
  });

  test.each([
    [[Number.NaN], [1]],
    [[1], [Number.NaN]],
    [[Number.NaN], [Number.NaN]],
  ])('rejects a NaN: %j against %j', (actual, expected) => {
    expect(() => compare(actual, expected)).toThrow('at index 0');
  });

  test('rejects other lengths', () => {
    expect(() => compare(new Float32Array(3), new Float32Array(2))).toThrow(
      'got 3 values, expected 2',
    );
  });
});

describe('expectClose', () => {
  const failure = (run: () => unknown): unknown => {
    try {
      run();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test('passes at the limit and returns the comparison', () => {
    const close = expectClose([1.5, 2], [1, 2], { what: 'logits', limit: 0.5 });
    expect(close.maxAbsError).toBe(0.5);
  });

  test('names the worst index, both values, the limit and the seed', () => {
    const error = failure(() =>
      expectClose([1.25, 2.5], [1, 2], { what: 'logits', limit: 0.25, seed: 7 }),
    );
    expect(error).toBeInstanceOf(MismatchError);
    expect(error).toMatchObject({
      code: 'tolerance',
      message: expect.stringMatching(
        /^logits \(seed 7\): got 2.5 at index 1, expected 2 within 0.25: off by 0.5, the worst of 2/,
      ),
    });
  });

  test('checks the root mean square error if asked to', () => {
    const actual = [1, 1, 1, 1];
    const expected = [0, 0, 0, 0];
    const limits = { what: 'map', limit: 1, rmsLimit: 0.9 };
    expect(failure(() => expectClose(actual, expected, limits))).toMatchObject({
      code: 'tolerance',
      message: expect.stringContaining(
        'map: the root mean square error is 1, expected at most 0.9',
      ),
    });
  });

  test('rejects a NaN, another length, and a limit that is none, under its name', () => {
    const run = (actual: number[], limit: number): unknown =>
      failure(() => expectClose(actual, [1], { what: 'iou', limit }));
    expect(run([Number.NaN], 1)).toMatchObject({
      code: 'not-a-number',
      message: 'iou: got NaN at index 0, expected 1',
    });
    expect(run([1, 1], 1)).toMatchObject({ code: 'length' });
    expect(run([1], Number.NaN)).toMatchObject({ code: 'tolerance' });
    expect(run([1], -1)).toMatchObject({ code: 'tolerance' });
  });
});
