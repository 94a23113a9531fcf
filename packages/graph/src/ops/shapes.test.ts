import { describe, expect, test } from 'vitest';

import { Recorder, type Tensor } from '../tensor.ts';
import { attention } from './attention.ts';
import { conv2d, convTranspose2d } from './convolution.ts';
import {
  add,
  cast,
  clamp,
  equal,
  greater,
  lessOrEqual,
  maximum,
  mul,
  pow,
  sub,
  where,
} from './elementwise.ts';
import { concat, expand, gather, pad, reshape, slice, split, transpose } from './layout.ts';
import { linear, matmul } from './matmul.ts';
import { layerNorm } from './normalization.ts';
import { averagePool2d, maxPool2d, reduceMean, reduceMin, resize } from './spatial.ts';

const recorder = new Recorder();
const f32 = (...shape: number[]): Tensor => recorder.add('input', [], { name: 'f32' }, shape);
const i32 = (...shape: number[]): Tensor =>
  recorder.add('input', [], { name: 'i32' }, shape, 'i32');

describe('operations give the shape', () => {
  const map = f32(2, 9, 12, 4);
  test.each<readonly [name: string, build: () => Tensor, shape: readonly number[]]>([
    ['of a broadcast', () => add(f32(4, 1, 3), f32(2, 1)), [4, 2, 3]],
    ['of a scalar and a tensor', () => mul(f32(), f32(2, 3)), [2, 3]],
    ['of two scalars', () => mul(f32(), 2), []],
    ['of number - tensor', () => sub(1, f32(5)), [5]],
    ['where the condition is larger', () => where(f32(3, 1), f32(4), 0), [3, 4]],
    ['where both choices are numbers', () => where(f32(3, 1), 1, 0), [3, 1]],
    ['conv2d', () => conv2d(map, { weight: f32(8, 4, 3, 3) }), [2, 7, 10, 8]],
    [
      'conv2d, strided and padded',
      () => conv2d(map, { weight: f32(8, 4, 3, 3) }, { stride: 2, padding: 1 }),
      [2, 5, 6, 8],
    ],
    [
      'conv2d, dilated along one axis',
      () => conv2d(map, { weight: f32(8, 4, 3, 3) }, { dilation: [1, 4] }),
      [2, 7, 4, 8],
    ],
    [
      'conv2d, padded per side',
      () => conv2d(map, { weight: f32(8, 4, 3, 3) }, { padding: [1, 2, 0, 3] }),
      [2, 8, 15, 8],
    ],
    [
      'conv2d, a kernel as large as the image',
      () => conv2d(map, { weight: f32(8, 4, 9, 12) }),
      [2, 1, 1, 8],
    ],
    [
      'convTranspose2d',
      () => convTranspose2d(map, { weight: f32(4, 3, 2, 3) }, { stride: 2 }),
      [2, 18, 25, 3],
    ],
    ['linear of a vector', () => linear(f32(3), { weight: f32(4, 3) }), [4]],
    ['matmul with broadcast batches', () => matmul(f32(5, 1, 2, 3), f32(4, 3, 6)), [5, 4, 2, 6]],
    [
      'attention with wider values',
      () => attention(f32(2, 5, 8), f32(2, 7, 8), f32(2, 7, 12), { heads: 4 }),
      [2, 5, 12],
    ],
    ['layerNorm', () => layerNorm(map, { weight: f32(4) }), [2, 9, 12, 4]],
    ['reshape with an unknown size', () => reshape(map, [-1, 12, 2, 2]), [18, 12, 2, 2]],
    ['reshape to a scalar', () => reshape(f32(1, 1), []), []],
    ['reshape of a scalar', () => reshape(f32(), [1, -1]), [1, 1]],
    ['transpose', () => transpose(map, [3, 0, 2, 1]), [4, 2, 12, 9]],
    ['concat', () => concat([f32(2, 3), f32(2, 1), f32(2, 5)], -1), [2, 9]],
    ['slice to the end', () => slice(map, 2, 5), [2, 9, 7, 4]],
    ['slice counted from the end', () => slice(map, -2, -5, -1), [2, 9, 4, 4]],
    ['split', () => split(map, 1, 3)[1]!, [2, 3, 12, 4]],
    ['pad', () => pad(f32(2, 3), [0, 1], [4, 0]), [6, 4]],
    ['expand of a scalar', () => expand(f32(), [2, 3]), [2, 3]],
    ['expand with leading axes', () => expand(f32(3, 1), [2, 3, 4]), [2, 3, 4]],
    ['gather', () => gather(f32(9, 4, 5), i32(2, 3)), [2, 3, 4, 5]],
    ['gather by one index', () => gather(f32(9, 4), i32()), [4]],
    ['resize', () => resize(map, [3, 7], 'bicubic'), [2, 3, 7, 4]],
    ['maxPool2d', () => maxPool2d(map, 2), [2, 4, 6, 4]],
    [
      'averagePool2d, uneven',
      () => averagePool2d(map, [3, 2], { stride: [2, 1], padding: [1, 0, 1, 1] }),
      [2, 5, 12, 4],
    ],
    ['reduce', () => reduceMean(map, [1, -2]), [2, 4]],
    ['reduce, axes kept', () => reduceMin(map, [2, 0], { keepAxes: true }), [1, 9, 1, 4]],
    ['reduce an axis named twice', () => reduceMean(map, [3, -1]), [2, 9, 12]],
    ['reduce to a scalar', () => reduceMean(f32(4), 0), []],
  ])('of %s', (_, build, shape) => {
    expect(build().shape).toEqual(shape);
  });
});

describe('element types', () => {
  test.each<readonly [name: string, build: () => Tensor, dtype: string]>([
    ['arithmetic of i32 stays i32', () => maximum(mul(add(i32(3), 1), i32(3)), -2), 'i32'],
    ['comparisons of i32 give f32', () => equal(i32(3), 2), 'f32'],
    ['comparisons of f32 give f32', () => greater(f32(3), 0.5), 'f32'],
    ['where takes the type of its choices', () => where(lessOrEqual(i32(3), 0), i32(3), 7), 'i32'],
    ['where of an i32 condition and f32 choices', () => where(i32(3), f32(3), 0.5), 'f32'],
    ['numbers take the type of the condition', () => where(f32(3), 0.5, 1), 'f32'],
    ['powers of f32', () => pow(2, f32(3)), 'f32'],
    ['clamp of i32', () => clamp(i32(3), -1, 4), 'i32'],
    ['cast to i32', () => cast(f32(3), 'i32'), 'i32'],
    ['cast to f32', () => cast(i32(3), 'f32'), 'f32'],
    ['layout of i32', () => pad(slice(i32(4, 2), 0, 1), [1, 0], [0, 0], -1), 'i32'],
    ['reshape of i32', () => transpose(reshape(i32(4), [2, 2]), [1, 0]), 'i32'],
    ['concat of i32', () => concat([i32(4), expand(i32(1), [2])], 0), 'i32'],
    ['gather from an i32 table', () => gather(i32(4, 2), i32(3)), 'i32'],
  ])('%s', (_, build, dtype) => {
    expect(build().dtype).toBe(dtype);
  });
});

describe('operations that change nothing record nothing', () => {
  const x = f32(2, 3);
  test.each<readonly [name: string, build: () => Tensor]>([
    ['a slice of everything', () => slice(x, 1, 0)],
    ['one part', () => split(x, 0, 1)[0]!],
    ['joining one tensor', () => concat([x], 0)],
    ['expanding to the same shape', () => expand(x, [2, 3])],
    ['a cast to the same type', () => cast(x, 'f32')],
  ])('%s', (_, build) => {
    const before = recorder.nodes.length;
    expect(build()).toBe(x);
    expect(recorder.nodes.length).toBe(before);
  });
});

test('numbers become constants of the type beside them', () => {
  const { id } = add(i32(2), 5);
  const right = recorder.nodes[recorder.nodes[id]!.inputs[1]!]!;
  expect(right).toMatchObject({
    operation: 'constant',
    attributes: { data: [5] },
    shape: [],
    dtype: 'i32',
  });
});

test('attributes are not shared with the caller', () => {
  const permutation = [1, 0];
  const { id } = transpose(f32(2, 3), permutation);
  permutation.reverse();
  expect(recorder.nodes[id]!.attributes).toEqual({ permutation: [1, 0] });
});
