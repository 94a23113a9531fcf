import { add, linear, type Tensor, trace, type WeightInfo, type Weights } from '@samgpu/graph';
import { expect, test } from 'vitest';

import { fuse } from './fuse.ts';
import { abilitiesOf } from './lower.ts';

const manifest = new Map<string, WeightInfo>(
  ['a', 'b'].map((name) => [`${name}.weight`, { shape: [8, 8], dtype: 'f32' }]),
);

function fused(build: (x: Tensor, w: Weights) => Tensor): string[] {
  const graph = trace('sum', { x: { shape: [4, 8] } }, manifest, ({ x }, w) => ({
    y: build(x, w),
  }));
  const { fusions } = fuse(graph, new Set(), abilitiesOf);
  return [...fusions].map(([head, { last, residual }]) => {
    const label = (id: number | undefined): string =>
      id === undefined ? 'nothing' : `${graph.nodes[id]!.operation} ${graph.nodes[id]!.label}`;
    return `${label(head)} with ${label(residual)} to ${label(last)}`;
  });
}

test('what adds two products is part of one of them', () => {
  const both = (x: Tensor, w: Weights): Tensor => add(linear(x, w.at('a')), linear(x, w.at('b')));
  expect(fused(both)).toEqual(['linear a with linear b to binary a']);
  const turned = (x: Tensor, w: Weights): Tensor => {
    const a = linear(x, w.at('a'));
    return add(linear(x, w.at('b')), a);
  };
  expect(fused(turned)).toEqual(['linear a with linear b to binary b']);
});
