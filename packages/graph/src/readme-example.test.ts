import { readmeExample } from '@samgpu/testing';
import { expect, test } from 'vitest';

// #region example
import { gelu, interpret, layerNorm, linear, trace, type WeightManifest } from '@samgpu/graph';

const manifest: WeightManifest = new Map([
  ['norm.weight', { shape: [3], dtype: 'f32' }],
  ['mlp.lin1.weight', { shape: [2, 3], dtype: 'f16' }],
  ['mlp.lin1.bias', { shape: [2], dtype: 'f16' }],
]);
const graph = trace('example', { tokens: { shape: [2, 3] } }, manifest, ({ tokens }, w) => {
  const normed = layerNorm(tokens, w.at('norm'), { epsilon: 1e-6 });
  return { hidden: gelu(linear(normed, w.at('mlp.lin1'))) }; // [2, 2]
});

const tokens = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 2, 1) };
const { hidden } = interpret(graph, { tokens }, (path) => Float32Array.from(valuesOf(path)));
// #endregion

function valuesOf(path: string): readonly number[] {
  const values = { 'norm.weight': [1, 1, 1], 'mlp.lin1.weight': [1, 0, 0, 1, 1, 1] };
  return values[path as keyof typeof values] ?? [0, 1];
}

test('the example of the README runs', () => {
  // (0, 1, 2) less its mean, over its deviation, is (-1, 0, 1) times z = sqrt(3 / 2). The rows of
  // lin1 take the first element, and the sum, which is 0, plus a bias of 1. gelu(x) is x times the
  // normal distribution at x; epsilon changes the seventh digit.
  const expected = [-0.135133, 0.841345, 1.089612, 0.841345];
  expect(hidden!.shape).toEqual([2, 2]);
  hidden!.data.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 5));
});

test('the example stands in the README as it runs here', () => {
  const { shown, run } = readmeExample(import.meta.url);
  expect(shown).toBe(run);
});
