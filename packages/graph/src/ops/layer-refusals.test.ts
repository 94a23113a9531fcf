import { describe, expect, test } from 'vitest';

import { GraphError } from '../graph-error.ts';
import { Recorder, type Tensor } from '../tensor.ts';
import { attention } from './attention.ts';
import { conv2d, convTranspose2d } from './convolution.ts';
import { linear, matmul } from './matmul.ts';
import { layerNorm, softmax } from './normalization.ts';
import { rotary } from './rotary.ts';

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
const kernel = { weight: f32(8, 4, 3, 3) };

describe('conv2d refuses', () => {
  refuses([
    [
      'an image without batch',
      () => conv2d(f32(6, 7, 4), kernel),
      'conv2d: x has 3 axes [6, 7, 4], wanted 4',
    ],
    [
      'integers',
      () => conv2d(i32(1, 6, 7, 4), kernel),
      "conv2d: x is i32, wanted f32; use cast(x, 'f32')",
    ],
    [
      'an integer weight',
      () => conv2d(map, { weight: i32(8, 4, 3, 3) }),
      "conv2d: weight is i32, wanted f32; use cast(weight, 'f32')",
    ],
    [
      'a weight of other rank',
      () => conv2d(map, { weight: f32(8, 4) }),
      'conv2d: weight has 2 axes [8, 4], wanted 4',
    ],
    [
      'a weight for other channels',
      () => conv2d(map, { weight: f32(8, 3, 3, 3) }),
      'conv2d: weight has 3 at axis 1 of [8, 3, 3, 3], wanted 4, the channels of x per group',
    ],
    [
      'a bias of other length',
      () => conv2d(map, { ...kernel, bias: f32(4) }),
      'conv2d: bias has 4 at axis 0 of [4], wanted 8, the output channels of weight',
    ],
    [
      'an integer bias',
      () => conv2d(map, { ...kernel, bias: i32(8) }),
      "conv2d: bias is i32, wanted f32; use cast(bias, 'f32')",
    ],
    [
      'groups that do not divide the channels',
      () => conv2d(map, kernel, { groups: 3 }),
      'conv2d: groups = 3 does not divide 4 input and 8 output channels',
    ],
    [
      'negative groups',
      () => conv2d(map, kernel, { groups: -1 }),
      'conv2d: groups is [-1], wanted positive whole numbers',
    ],
    [
      'a stride of 0',
      () => conv2d(map, kernel, { stride: [1, 0] }),
      'conv2d: stride is [1, 0], wanted positive whole numbers',
    ],
    [
      'half a dilation',
      () => conv2d(map, kernel, { dilation: 0.5 }),
      'conv2d: dilation is [0.5, 0.5], wanted positive whole numbers',
    ],
    [
      'negative padding',
      () => conv2d(map, kernel, { padding: [0, 0, -1, 0] }),
      'conv2d: padding is [0, 0, -1, 0], wanted whole numbers from 0',
    ],
    [
      'a kernel larger than the padded image',
      () => conv2d(f32(1, 2, 7, 4), kernel, { dilation: 3, padding: 1 }),
      "conv2d: x has 2 (+2 padding) at axis 1 of [1, 2, 7, 4], wanted at least the kernel's 7",
    ],
  ]);
});

describe('convTranspose2d refuses', () => {
  refuses([
    [
      'a weight for other channels',
      () => convTranspose2d(map, { weight: f32(8, 4, 2, 2) }),
      'convTranspose2d: weight has 8 at axis 0 of [8, 4, 2, 2], wanted 4, the channels of x',
    ],
    [
      'a bias of other length',
      () => convTranspose2d(map, { weight: f32(4, 2, 2, 2), bias: f32(4) }),
      'convTranspose2d: bias has 4 at axis 0 of [4], wanted 2, the output channels of weight',
    ],
    [
      'a stride of 0',
      () => convTranspose2d(map, { weight: f32(4, 2, 2, 2) }, { stride: 0 }),
      'convTranspose2d: stride is [0, 0], wanted positive whole numbers',
    ],
    [
      'integers',
      () => convTranspose2d(i32(1, 2, 2, 4), { weight: f32(4, 2, 2, 2) }),
      "convTranspose2d: x is i32, wanted f32; use cast(x, 'f32')",
    ],
  ]);
});

describe('matmul and linear refuse', () => {
  refuses([
    [
      'a vector',
      () => matmul(f32(3), f32(3, 4)),
      'matmul: got [3] and [3, 4], wanted at least 2 axes each',
    ],
    [
      'inner sizes that differ',
      () => matmul(f32(2, 3), f32(4, 5)),
      'matmul: b has 4 at axis 0 of [4, 5], wanted 3, the last axis of a',
    ],
    [
      'transposed inner sizes that differ',
      () => matmul(f32(2, 3), f32(3, 5), { transposeB: true }),
      'matmul: b has 5 at axis 1 of [3, 5], wanted 3, the last axis of a',
    ],
    [
      'batches that do not broadcast',
      () => matmul(f32(2, 1, 3), f32(3, 3, 1)),
      'matmul: [2] and [3] do not broadcast: axis -1 is 2 and 3, wanted equal sizes or 1',
    ],
    [
      'integers',
      () => matmul(f32(2, 3), i32(3, 2)),
      "matmul: b is i32, wanted f32; use cast(b, 'f32')",
    ],
    [
      'a weight for another width',
      () => linear(f32(5, 3), { weight: f32(4, 2) }),
      'linear: weight has 2 at axis 1 of [4, 2], wanted 3, the last axis of x',
    ],
    [
      'a bias of other length',
      () => linear(f32(5, 3), { weight: f32(4, 3), bias: f32(3) }),
      'linear: bias has 3 at axis 0 of [3], wanted 4, the rows of weight',
    ],
    [
      'a scalar',
      () => linear(f32(), { weight: f32(4, 1) }),
      'linear: x is a scalar, wanted at least 1 axis',
    ],
    [
      'an integer weight',
      () => linear(f32(5, 3), { weight: i32(4, 3) }),
      "linear: weight is i32, wanted f32; use cast(weight, 'f32')",
    ],
    [
      'an integer bias',
      () => linear(f32(5, 3), { weight: f32(4, 3), bias: i32(4) }),
      "linear: bias is i32, wanted f32; use cast(bias, 'f32')",
    ],
  ]);
});

describe('layerNorm and softmax refuse', () => {
  refuses([
    [
      'a weight of other length',
      () => layerNorm(f32(2, 8), { weight: f32(4) }),
      'layerNorm: weight has 4 at axis 0 of [4], wanted 8, the last axis of x',
    ],
    [
      'a bias of other rank',
      () => layerNorm(f32(2, 8), { weight: f32(8), bias: f32(1, 8) }),
      'layerNorm: bias has 2 axes [1, 8], wanted 1',
    ],
    [
      'an integer bias',
      () => layerNorm(f32(2, 8), { weight: f32(8), bias: i32(8) }),
      "layerNorm: bias is i32, wanted f32; use cast(bias, 'f32')",
    ],
    [
      'a negative epsilon',
      () => layerNorm(f32(2, 8), { weight: f32(8) }, { epsilon: -1e-6 }),
      'layerNorm: epsilon is -0.000001, wanted a number from 0',
    ],
    [
      'normalising a scalar',
      () => layerNorm(f32(), { weight: f32(1) }),
      'layerNorm: x is a scalar, wanted at least 1 axis',
    ],
    ['softmax of a scalar', () => softmax(f32()), 'softmax: x is a scalar, wanted at least 1 axis'],
    [
      'softmax of integers',
      () => softmax(i32(4)),
      "softmax: x is i32, wanted f32; use cast(x, 'f32')",
    ],
  ]);
});

describe('attention refuses', () => {
  const query = f32(2, 5, 8);
  refuses([
    [
      'heads apart',
      () => attention(f32(2, 4, 5, 2), query, query, { heads: 4 }),
      'attention: query has 4 axes [2, 4, 5, 2], wanted 3',
    ],
    [
      'heads that do not divide the width',
      () => attention(query, query, query, { heads: 3 }),
      'attention: query has 8 at axis 2 of [2, 5, 8], wanted a multiple of 3 heads',
    ],
    [
      'no heads',
      () => attention(query, query, query, { heads: 0 }),
      'attention: heads is [0], wanted positive whole numbers',
    ],
    [
      'another batch of keys',
      () => attention(query, f32(3, 5, 8), query, { heads: 2 }),
      'attention: key has 3 at axis 0 of [3, 5, 8], wanted 2, the batch of query, or 1',
    ],
    [
      'values of another batch than shared keys',
      () => attention(query, f32(1, 5, 8), query, { heads: 2 }),
      'attention: value has 2 at axis 0 of [2, 5, 8], wanted 1, the batch of key',
    ],
    [
      'keys of another width',
      () => attention(query, f32(2, 5, 4), query, { heads: 2 }),
      'attention: key has 4 at axis 2 of [2, 5, 4], wanted 8, the width of query',
    ],
    [
      'fewer values than keys',
      () => attention(query, f32(2, 9, 8), query, { heads: 2 }),
      'attention: value has 5 at axis 1 of [2, 5, 8], wanted 9, the keys',
    ],
    [
      'a key bias for other keys',
      () => attention(query, query, query, { heads: 2, keyBias: f32(1, 4) }),
      'attention: keyBias has 4 at axis 1 of [1, 4], wanted 5, the keys',
    ],
    [
      'a key bias for another batch',
      () => attention(query, query, query, { heads: 2, keyBias: f32(3, 5) }),
      'attention: keyBias has 3 at axis 0 of [3, 5], wanted 2, the batch of query, or 1',
    ],
    [
      'a scale that is no number',
      () => attention(query, query, query, { heads: 2, scale: Number.NaN }),
      'attention: scale is NaN, wanted a finite number',
    ],
    [
      'integer values',
      () => attention(query, query, i32(2, 5, 8), { heads: 2 }),
      "attention: value is i32, wanted f32; use cast(value, 'f32')",
    ],
  ]);
});

describe('rotary refuses', () => {
  const x = f32(2, 10, 12);
  refuses([
    [
      'heads without whole pairs',
      () => rotary(x, f32(4, 3), { heads: 4 }),
      'rotary: x is 12 wide, wanted pairs in each of 4 heads',
    ],
    [
      'a table of another width',
      () => rotary(x, f32(5, 4), { heads: 2 }),
      'rotary: table has 4 at axis 1 of [5, 4], wanted 6, the width of a head',
    ],
    [
      'tokens that do not fill the table',
      () => rotary(x, f32(4, 6), { heads: 2 }),
      "rotary: 10 of 10 tokens are to be turned, wanted up to all of them in multiples of the table's 4 rows",
    ],
    [
      'more tokens than there are',
      () => rotary(x, f32(4, 6), { heads: 2, rotated: 12 }),
      "rotary: 12 of 10 tokens are to be turned, wanted up to all of them in multiples of the table's 4 rows",
    ],
  ]);
});
