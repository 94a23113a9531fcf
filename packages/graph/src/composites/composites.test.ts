import { operationCases, prepareCase } from '@samgpu/testing/operation-cases';
import { expectClose } from '@samgpu/testing';
import { expect, test } from 'vitest';

import { composites } from './index.ts';
import { interpret } from '../interpreter/interpret.ts';
import { rewrite } from '../rewrite.ts';

const cases = operationCases.filter(({ name }) => /^(gridAttention|rotary)/.test(name));

test.each(cases)('$name taken apart equals its definition', async (operationCase) => {
  const { graph, inputs, weights, expected } = prepareCase(operationCase);
  const rewritten = rewrite(graph, composites);
  const left = rewritten.nodes.filter(({ operation }) => operation in composites);
  expect(left).toEqual([]);
  expect(rewritten.nodes.at(rewritten.outputs.get('result')!)?.shape).toEqual(expected.shape);

  const values = new Map<string, Float32Array>();
  for (const path of weights.tensors.keys()) {
    const { buffer, byteOffset, byteLength } = await weights.read(path);
    values.set(path, new Float32Array(buffer, byteOffset, byteLength / 4)); // cases store f32
  }
  const { result } = interpret(rewritten, inputs, (path) => values.get(path)!);
  // Both in float64: sums in another order.
  expectClose(result!.data, expected.data, { what: operationCase.name, limit: 1e-12 });
});
