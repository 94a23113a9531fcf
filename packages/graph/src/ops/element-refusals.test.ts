import { describe, expect, test } from 'vitest';

import { GraphError } from '../graph-error.ts';
import { Recorder, type Tensor } from '../tensor.ts';
import { add, clamp, div, equal, gelu, maximum, mul, neg, pow, where } from './elementwise.ts';
import { concat, expand, gather, pad, reshape, slice, split, transpose } from './layout.ts';
import { averagePool2d, maxPool2d, reduceMax, reduceSum, resize } from './spatial.ts';

const recorder = new Recorder();
const f32 = (...shape: number[]): Tensor => recorder.add('input', [], { name: 'f32' }, shape);
const i32 = (...shape: number[]): Tensor =>
  recorder.add('input', [], { name: 'i32' }, shape, 'i32');

type Refusal = readonly [what: string, build: () => unknown, message: string];

function refuses(refusals: readonly Refusal[]): void {
  test.each(refusals)('%s', (_, build, message) => {
    const operation = message.slice(0, message.indexOf(':'));
    expect(build).toThrow(new GraphError(operation, message.slice(operation.length + 2)));
  });
}

const map = f32(1, 6, 7, 4);

describe('elementwise operations refuse', () => {
  refuses([
    [
      'shapes that do not broadcast',
      () => add(f32(2, 3), f32(2)),
      'add: [2, 3] and [2] do not broadcast: axis -1 is 3 and 2, wanted equal sizes or 1',
    ],
    [
      'shapes that do not broadcast, named as the caller wrote it',
      () => maximum(f32(3), f32(2)),
      'maximum: [3] and [2] do not broadcast: axis -1 is 3 and 2, wanted equal sizes or 1',
    ],
    [
      'mixed types',
      () => equal(f32(3), i32(3)),
      'equal: operands are f32 and i32, wanted equal types; use cast',
    ],
    ['two numbers', () => mul(2, 3), 'mul: both operands are numbers, wanted at least one tensor'],
    ['integer division', () => div(i32(3), 2), 'div: operands are i32, wanted f32; use cast'],
    ['integer powers', () => pow(2, i32(3)), 'pow: operands are i32, wanted f32; use cast'],
    [
      'a fraction beside integers',
      () => add(i32(3), 0.5),
      'add: got 0.5 for i32, wanted a whole number of 32 bits',
    ],
    [
      'more than 32 bits beside integers',
      () => equal(2 ** 31, i32(3)),
      'equal: got 2147483648 for i32, wanted a whole number of 32 bits',
    ],
    ['functions of integers', () => gelu(i32(3)), "gelu: x is i32, wanted f32; use cast(x, 'f32')"],
    ['minus integers', () => neg(i32(3)), "neg: x is i32, wanted f32; use cast(x, 'f32')"],
    [
      'choices of mixed types',
      () => where(f32(3), f32(3), i32(3)),
      'where: choices are f32 and i32, wanted equal types; use cast',
    ],
    [
      'a condition that does not broadcast',
      () => where(f32(4), f32(3), 0),
      'where: [4] and [3] do not broadcast: axis -1 is 4 and 3, wanted equal sizes or 1',
    ],
    [
      'clamping to nothing',
      () => clamp(f32(3), 1, 0),
      'clamp: got 1 to 0, wanted minimum <= maximum',
    ],
    [
      'clamping to NaN',
      () => clamp(f32(3), Number.NaN, 0),
      'clamp: got NaN to 0, wanted minimum <= maximum',
    ],
    [
      'clamping integers to fractions',
      () => clamp(i32(3), 0, 1.5),
      'clamp: got 1.5 for i32, wanted a whole number of 32 bits',
    ],
  ]);
});

describe('layout operations refuse', () => {
  const x = f32(2, 3, 4);
  refuses([
    [
      'a reshape to another count',
      () => reshape(x, [5, 5]),
      'reshape: [2, 3, 4] has 24 elements and does not fit [5, 5]',
    ],
    [
      'two unknown sizes',
      () => reshape(x, [-1, -1, 4]),
      'reshape: [2, 3, 4] has 24 elements and does not fit [-1, -1, 4]',
    ],
    [
      'an unknown size that would be a fraction',
      () => reshape(x, [-1, 7]),
      'reshape: [2, 3, 4] has 24 elements and does not fit [-1, 7]',
    ],
    [
      'an unknown size beside 0',
      () => reshape(x, [-1, 0]),
      'reshape: [2, 3, 4] has 24 elements and does not fit [-1, 0]',
    ],
    [
      'two negative sizes whose product fits',
      () => reshape(x, [-4, -6]),
      'reshape: [2, 3, 4] has 24 elements and does not fit [-4, -6]',
    ],
    [
      'a permutation of fewer axes',
      () => transpose(x, [1, 0]),
      'transpose: [1, 0] is no order of the 3 axes of [2, 3, 4]',
    ],
    [
      'a permutation with an axis twice',
      () => transpose(x, [0, 1, 1]),
      'transpose: [0, 1, 1] is no order of the 3 axes of [2, 3, 4]',
    ],
    ['nothing to join', () => concat([], 0), 'concat: got no tensors, wanted at least one'],
    [
      'an axis that one tensor does not have',
      () => concat([x], 3),
      'concat: axis 3 does not exist in x [2, 3, 4], wanted -3 to 2',
    ],
    [
      'joining shapes that differ elsewhere',
      () => concat([x, f32(2, 2, 4)], 2),
      'concat: got f32 [2, 2, 4] beside f32 [2, 3, 4], wanted the same but for axis 2',
    ],
    [
      'joining types',
      () => concat([x, i32(2, 3, 4)], -1),
      'concat: got i32 [2, 3, 4] beside f32 [2, 3, 4], wanted the same but for axis 2',
    ],
    [
      'an empty slice',
      () => slice(x, 1, 2, 2),
      'slice: 2 to 2 does not lie within the 3 elements at axis 1 of [2, 3, 4]',
    ],
    [
      'a slice beyond the end',
      () => slice(x, -1, 1, 5),
      'slice: 1 to 5 does not lie within the 4 elements at axis 2 of [2, 3, 4]',
    ],
    [
      'a slice from before the beginning',
      () => slice(x, 0, -3),
      'slice: -3 to the end does not lie within the 2 elements at axis 0 of [2, 3, 4]',
    ],
    [
      'a slice from between elements',
      () => slice(x, 0, 0.5, 2),
      'slice: 0.5 to 2 does not lie within the 2 elements at axis 0 of [2, 3, 4]',
    ],
    [
      'a slice of an axis that is not there',
      () => slice(x, 3, 0),
      'slice: axis 3 does not exist in x [2, 3, 4], wanted -3 to 2',
    ],
    [
      'a slice of a scalar',
      () => slice(f32(), 0, 0),
      'slice: axis 0 does not exist in x [], but x is a scalar',
    ],
    [
      'parts of unequal size',
      () => split(x, -1, 3),
      'split: 4 at axis 2 of [2, 3, 4] does not divide into 3 parts',
    ],
    [
      'a negative number of parts',
      () => split(x, 0, -2),
      'split: count is [-2], wanted positive whole numbers',
    ],
    [
      'parts of an axis that is not there',
      () => split(x, -4, 1),
      'split: axis -4 does not exist in x [2, 3, 4], wanted -3 to 2',
    ],
    [
      'padding of fewer axes',
      () => pad(x, [1, 1], [0, 0, 0]),
      'pad: got [1, 1] before and [0, 0, 0] after, wanted 3 sizes each for [2, 3, 4]',
    ],
    [
      'negative padding',
      () => pad(x, [0, 0, 0], [0, -1, 0]),
      'pad: after is [0, -1, 0], wanted whole numbers from 0',
    ],
    [
      'half a padding',
      () => pad(x, [0, 0.5, 0], [0, 0, 0]),
      'pad: before is [0, 0.5, 0], wanted whole numbers from 0',
    ],
    [
      'a fraction around integers',
      () => pad(i32(2), [1], [1], 0.5),
      'pad: got 0.5 for i32, wanted a whole number of 32 bits',
    ],
    [
      'expanding an axis that is not 1',
      () => expand(x, [2, 6, 4]),
      'expand: [2, 3, 4] and [2, 6, 4] do not broadcast: axis -2 is 3 and 6, wanted equal sizes or 1',
    ],
    [
      'shrinking by expand',
      () => expand(x, [1, 3, 4]),
      'expand: [2, 3, 4] does not broadcast to [1, 3, 4]',
    ],
    [
      'fewer axes by expand',
      () => expand(x, [3, 4]),
      'expand: [2, 3, 4] does not broadcast to [3, 4]',
    ],
    [
      'expanding to nothing',
      () => expand(f32(1), [0]),
      'expand: shape is [0], wanted positive whole numbers',
    ],
    [
      'float indices',
      () => gather(x, f32(2)),
      "gather: indices are f32, wanted i32; use cast(indices, 'i32')",
    ],
    [
      'a table without rows',
      () => gather(f32(), i32(2)),
      'gather: table is a scalar, wanted at least one axis',
    ],
  ]);
});

describe('spatial operations refuse', () => {
  refuses([
    [
      'resizing to nothing',
      () => resize(map, [0, 4], 'bilinear'),
      'resize: size is [0, 4], wanted positive whole numbers',
    ],
    [
      'resizing a matrix',
      () => resize(f32(4, 4), 8, 'nearest'),
      'resize: x has 2 axes [4, 4], wanted 4',
    ],
    [
      'a window larger than the image',
      () => maxPool2d(map, 8),
      "maxPool2d: x has 6 (+0 padding) at axis 1 of [1, 6, 7, 4], wanted at least the kernel's 8",
    ],
    [
      'windows that lie in the padding',
      () => averagePool2d(map, [3, 2], { padding: [1, 2] }),
      "averagePool2d: padding is [1, 2, 1, 2], wanted less than the window's [3, 2], so that no window lies in it entirely",
    ],
    [
      'a pool stride of 0',
      () => maxPool2d(map, 2, { stride: 0 }),
      'maxPool2d: stride is [0, 0], wanted positive whole numbers',
    ],
    [
      'reducing an axis that is not there',
      () => reduceSum(map, [1, 4]),
      'reduceSum: axis 4 does not exist in x [1, 6, 7, 4], wanted -4 to 3',
    ],
    [
      'reducing no axes',
      () => reduceMax(map, []),
      'reduceMax: got no axes to reduce of [1, 6, 7, 4]',
    ],
    [
      'reducing integers',
      () => reduceMax(i32(3), 0),
      "reduceMax: x is i32, wanted f32; use cast(x, 'f32')",
    ],
  ]);
});

test('operands of two traces do not mix', () => {
  const elsewhere = new Recorder().add('input', [], { name: 'x' }, [2]);
  expect(() => add(f32(2), elsewhere)).toThrow(
    new GraphError(
      'binary',
      'operands come from two different traces; use the inputs and weights that this trace handed out',
    ),
  );
});
