import type { HostValue } from '@samgpu/graph';
import { operationCases, prepareCase } from '@samgpu/testing/operation-cases';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOnnxBackend, type OnnxBackend, type RuntimeKind } from './index.ts';

/**
 * Where a runtime rounds more than a case allows for.
 *
 * onnxruntime-web adds the elements of a row up one by one. 192 values near 1000 make sums near
 * 190 000, where one f32 step is 1/64; 192 roundings of half of that walk to about 0.05, so the mean
 * is wrong by 3e-4, and the deviation that it is divided by is 1.7.
 */
const RUNTIME_TOLERANCES: Readonly<Record<RuntimeKind, Readonly<Record<string, number>>>> = {
  node: {},
  web: { 'layerNorm [5, 192] far from zero': 3e-4 },
};

describe.each<RuntimeKind>(['node', 'web'])('operations on onnxruntime-%s', (runtime) => {
  let backend: OnnxBackend;
  beforeAll(async () => {
    backend = await createOnnxBackend({ runtime });
  });
  afterAll(() => backend.dispose());

  test.each(operationCases)('$name', async (operationCase) => {
    const { graph, inputs, weights, expected, tolerance } = prepareCase(operationCase);
    const program = await backend.compile(graph, weights);
    const { result } = await program.run(inputs);
    const got = await result!.read();
    program.dispose();
    expect(got.shape).toEqual(expected.shape);
    const allowed = RUNTIME_TOLERANCES[runtime][operationCase.name] ?? tolerance;
    expect(largestError(got, expected.data)).toBeLessThanOrEqual(allowed);
  });
});

/** Relative to max(1, |expected|), as the tolerances of the cases are. */
function largestError({ data }: HostValue, expected: Float64Array): number {
  expect(data.length).toBe(expected.length);
  return expected.reduce(
    (largest, value, index) =>
      Math.max(largest, Math.abs((data[index] ?? NaN) - value) / Math.max(1, Math.abs(value))),
    0,
  );
}
