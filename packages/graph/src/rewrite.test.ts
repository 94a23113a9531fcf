import { describe, expect, test } from 'vitest';

import { add, interpret, linear, mul, relu, rewrite, trace } from './index.ts';

const manifest = new Map([
  ['layer.weight', { shape: [3, 2], dtype: 'f32' as const }],
  ['layer.bias', { shape: [3], dtype: 'f32' as const }],
]);
const graph = trace('rewritten', { x: { shape: [4, 2] } }, manifest, ({ x }, w) => ({
  result: relu(linear(mul(x, 2), w.at('layer'))),
}));

describe('rewrite', () => {
  test('without replacements gives the same graph', () => {
    expect(rewrite(graph, {})).toEqual(graph);
  });

  test('leaves nodes for which a replacement gives nothing', () => {
    expect(rewrite(graph, { unary: () => undefined })).toEqual(graph);
  });

  test('records a replacement in place of a node', () => {
    const doubled = rewrite(graph, {
      binary: (_, [x]) => add(x!, x!),
    });
    expect(doubled.nodes.map(({ operation }) => operation)).not.toContain('constant');
    const x = { shape: [4, 2], data: Float32Array.of(1, -2, 3, -4, 5, -6, 7, -8) };
    const weights = (path: string): number[] =>
      path.endsWith('weight') ? [1, 2, 3, 4, 5, 6] : [0.5, -0.5, 1];
    expect(interpret(doubled, { x }, weights)).toEqual(interpret(graph, { x }, weights));
  });
});
