import { seededValues } from '@samgpu/testing';
import { describe, expect, test } from 'vitest';

import { batchNorm, conv2d, foldBatchNorm, interpret, trace, type WeightInfo } from '../index.ts';

const shapes: Readonly<Record<string, readonly number[]>> = {
  'conv.weight': [4, 3, 3, 3],
  'conv.bias': [4],
  'bn.weight': [4],
  'bn.bias': [4],
  'bn.running_mean': [4],
  'bn.running_var': [4],
};
const manifest = new Map<string, WeightInfo>(
  Object.entries(shapes).map(([path, shape]) => [path, { shape, dtype: 'f32' }]),
);
const values = (path: string): Float32Array => {
  const count = shapes[path]!.reduce((product, size) => product * size, 1);
  const drawn = seededValues(count, path.length);
  return path.endsWith('running_var') ? drawn.map((value) => value + 1.5) : drawn;
};
const x = { shape: [1, 5, 6, 3], data: seededValues(90, 1) };

describe('batch norm', () => {
  test('is (x - mean) / sqrt(variance + epsilon) * weight + bias', () => {
    const graph = trace('norm', { y: { shape: [2, 4] } }, manifest, ({ y }, w) => ({
      result: batchNorm(y, w.at('bn'), { epsilon: 1e-3 }),
    }));
    const y = { shape: [2, 4], data: seededValues(8, 2) };
    const { result } = interpret(graph, { y }, values);
    const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
      (name) => values(`bn.${name}`),
    );
    result!.data.forEach((got, i) => {
      const c = i % 4;
      const wanted =
        ((y.data[i]! - mean![c]!) / Math.sqrt(variance![c]! + 1e-3)) * weight![c]! + bias![c]!;
      expect(got).toBeCloseTo(wanted, 12);
    });
  });

  test.each([true, false])('folded into a convolution is the same (bias: %s)', (hasBias) => {
    const graph = trace('folded', { x: { shape: x.shape } }, manifest, ({ x }, w) => {
      const conv = w.at('conv');
      const weights = hasBias ? conv : { weight: conv.weight };
      return {
        folded: conv2d(x, foldBatchNorm(weights, w.at('bn')), { padding: 1 }),
        apart: batchNorm(conv2d(x, weights, { padding: 1 }), w.at('bn')),
      };
    });
    const { folded, apart } = interpret(graph, { x }, values);
    folded!.data.forEach((value, i) => expect(value).toBeCloseTo(apart!.data[i]!, 12));
  });

  test('names the axis that does not fit', () => {
    expect(() =>
      trace('wrong', { x: { shape: [1, 3] } }, manifest, ({ x }, w) => ({
        x: batchNorm(x, w.at('bn')),
      })),
    ).toThrow('batchNorm: weight has 4 at axis 0 of [4], wanted 3, the last axis of x');
  });
});
