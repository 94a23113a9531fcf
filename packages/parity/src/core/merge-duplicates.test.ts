import { add, interpret, mul, trace } from '@samgpu/graph';
import { expect, test } from 'vitest';

import { mergeDuplicates } from './merge-duplicates.ts';

test('computes what is recorded twice once, and gives the same', () => {
  const graph = trace('twice', { x: { shape: [2] } }, new Map(), ({ x }) => {
    const once = mul(add(x, 1), x);
    const again = mul(add(x, 1), x);
    const other = mul(add(x, 2), x);
    return { once, again, sum: add(again, other) };
  });
  const merged = mergeDuplicates(graph);
  expect(merged.outputs.get('again')).toBe(merged.outputs.get('once'));
  expect(merged.nodes.length).toBeLessThan(graph.nodes.length);
  expect(merged.nodes.every(({ id }, index) => id === index)).toBe(true);

  const x = { shape: [2], data: Float32Array.of(3, -4) };
  const results = interpret(merged, { x }, () => new Float32Array());
  expect([...results['again']!.data]).toEqual([12, 12]);
  expect([...results['sum']!.data]).toEqual([27, 20]);
});
