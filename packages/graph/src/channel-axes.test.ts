import { expect, test } from 'vitest';

import {
  add,
  conv2d,
  convTranspose2d,
  foldBatchNorm,
  linear,
  matmul,
  mul,
  outputChannelAxes,
  reshape,
  slice,
  trace,
  transpose,
  type WeightManifest,
} from './index.ts';

function manifest(shapes: Readonly<Record<string, readonly number[]>>): WeightManifest {
  return new Map(Object.entries(shapes).map(([path, shape]) => [path, { shape, dtype: 'f32' }]));
}

test('layers and convolutions, and nothing else', () => {
  const weights = manifest({
    'conv.weight': [8, 3, 3, 3],
    'conv.bias': [8],
    'depthwise.weight': [8, 1, 3, 3],
    'groups.weight': [8, 4, 1, 1],
    'up.weight': [8, 4, 2, 2],
    'layer.weight': [6, 4],
    table: [1, 8, 8, 4],
    matrix: [6, 5],
  });
  const graph = trace('all', { image: { shape: [1, 4, 4, 3] } }, weights, ({ image }, w) => {
    const x = conv2d(image, w.at('conv'), { padding: 1 });
    const y = conv2d(x, w.at('depthwise'), { padding: 1, groups: 8 });
    const z = conv2d(y, w.at('groups'), { groups: 2 });
    const up = add(convTranspose2d(z, w.at('up'), { stride: 2 }), w.tensor('table'));
    return { result: matmul(linear(up, w.at('layer')), w.tensor('matrix')) };
  });
  expect(outputChannelAxes(graph)).toEqual(
    new Map([
      ['conv.weight', 0],
      ['groups.weight', 0],
      ['up.weight', 1],
      ['layer.weight', 0],
    ]),
  );
});

test('a batch norm that is folded in does not hide a convolution', () => {
  const channels = [8];
  const weights = manifest({
    'c.weight': [8, 3, 1, 1],
    'n.weight': channels,
    'n.bias': channels,
    'n.running_mean': channels,
    'n.running_var': channels,
  });
  const graph = trace('folded', { image: { shape: [1, 4, 4, 3] } }, weights, ({ image }, w) => {
    const { weight, bias } = foldBatchNorm(w.at('c'), w.at('n'));
    return { result: conv2d(image, { weight, bias }) };
  });
  expect(outputChannelAxes(graph)).toEqual(new Map([['c.weight', 0]]));
});

test('rows may change places before they are multiplied with, their elements may not', () => {
  const weights = manifest({
    'rows.weight': [12, 4],
    'columns.weight': [12, 4],
    'part.weight': [12, 4],
  });
  const graph = trace('moved', { x: { shape: [2, 4] } }, weights, ({ x }, w) => {
    const rows = transpose(reshape(w.tensor('rows.weight'), [2, 3, 8]), [1, 0, 2]);
    const columns = transpose(reshape(w.tensor('columns.weight'), [12, 2, 2]), [0, 2, 1]);
    return {
      rows: linear(x, { weight: reshape(rows, [12, 4]) }),
      columns: linear(x, { weight: reshape(columns, [12, 4]) }),
      part: linear(x, { weight: slice(w.tensor('part.weight'), 0, 3, 9) }),
    };
  });
  expect(outputChannelAxes(graph)).toEqual(
    new Map([
      ['rows.weight', 0],
      ['part.weight', 0],
    ]),
  );
});

test('what is read in two ways is left out', () => {
  const weights = manifest({ 'a.weight': [4, 4], 'b.weight': [4, 4], 'c.weight': [4, 4] });
  const graph = trace('mixed', { x: { shape: [4, 4] } }, weights, ({ x }, w) => {
    const a = linear(x, w.at('a'));
    const twice = mul(linear(a, w.at('b')), reshape(w.tensor('b.weight'), [4, 4]));
    return { result: linear(w.tensor('c.weight'), { weight: a }), twice };
  });
  expect(outputChannelAxes(graph)).toEqual(new Map([['a.weight', 0]]));
});
