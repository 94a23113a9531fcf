import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { GraphError } from './graph-error.ts';
import { axisSize, broadcastShapes, elementCount, formatShape, stridesOf } from './shape.ts';

const shapes = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 5 });

describe('shapes', () => {
  test('of scalars', () => {
    expect(elementCount([])).toBe(1);
    expect(stridesOf([])).toEqual([]);
    expect(formatShape([])).toBe('[]');
    expect(broadcastShapes('add', [], [])).toEqual([]);
  });

  test('strides of a dense tensor', () => {
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  });

  test('axes count from both ends', () => {
    expect([axisSize([2, 3, 4], 0), axisSize([2, 3, 4], -1)]).toEqual([2, 4]);
    expect(() => axisSize([2, 3], 2)).toThrow(new RangeError('axis 2 does not exist in [2, 3]'));
  });

  test('broadcasting is symmetric, and with a scalar or itself changes nothing', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const ones = shape.map((size, axis) => (axis % 2 === 0 ? 1 : size));
        expect(broadcastShapes('add', shape, [])).toEqual(shape);
        expect(broadcastShapes('add', shape, shape)).toEqual(shape);
        expect(broadcastShapes('add', shape, ones)).toEqual(shape);
        expect(broadcastShapes('add', ones, shape)).toEqual(shape);
      }),
    );
  });

  test('a GraphError carries its operation and a code', () => {
    const error = new GraphError('conv2d', 'x is odd');
    expect(error).toMatchObject({
      name: 'GraphError',
      code: 'graph',
      operation: 'conv2d',
      message: 'conv2d: x is odd',
    });
  });
});
