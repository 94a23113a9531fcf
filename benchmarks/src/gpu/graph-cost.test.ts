import { add, conv2d, type Graph, linear, matmul, trace, type WeightManifest } from '@samgpu/graph';
import { describe, expect, test } from 'vitest';

import { graphFlops } from './graph-flops.ts';
import { graphTraffic } from './graph-traffic.ts';

const manifest: WeightManifest = new Map([
  ['layer.weight', { shape: [5, 3], dtype: 'f16' }],
  ['layer.bias', { shape: [5], dtype: 'f32' }],
  ['conv.weight', { shape: [4, 2, 3, 3], dtype: 'f32' }],
]);

const linearGraph: Graph = trace('linear', { x: { shape: [7, 3] } }, manifest, ({ x }, w) => ({
  y: linear(x, w.at('layer')),
}));

describe('graphFlops', () => {
  test('counts a product twice: multiplied and added', () => {
    expect(graphFlops(linearGraph)).toBe(2 * 7 * 3 * 5);
  });

  test('counts each output of a grouped convolution with its own channels only', () => {
    const graph = trace('conv', { x: { shape: [1, 6, 6, 4] } }, manifest, ({ x }, w) => ({
      y: conv2d(x, w.at('conv'), { groups: 2, padding: 1 }),
    }));
    expect(graphFlops(graph)).toBe(2 * 6 * 6 * 4 * (2 * 3 * 3));
  });

  test('leaves out what is elementwise', () => {
    const shapes = { a: { shape: [2, 3] }, b: { shape: [3, 4] } };
    const graph = trace('sum', shapes, new Map(), ({ a, b }) => {
      const product = matmul(a, b);
      return { y: add(product, product) };
    });
    expect(graphFlops(graph)).toBe(2 * 2 * 3 * 4);
  });
});

describe('graphTraffic', () => {
  test('counts weights as they are stored, inputs and outputs as f32', () => {
    expect(graphTraffic(linearGraph)).toBe(2 * 15 + 4 * 5 + 4 * (21 + 35));
  });
});
