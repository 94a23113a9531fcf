import { interpret, trace } from '@samgpu/graph';
import { seededValues } from '@samgpu/testing';
import { stabilityScore } from 'samgpu';
import { expect, test } from 'vitest';

import { stabilityScores } from './stability-scores.ts';

test('counts as samgpu does, and scores an empty mask 0', () => {
  const cells = 7 * 5;
  const masks = [
    seededValues(cells, 1).map((value) => 3 * value),
    seededValues(cells, 2).map((value) => value + 1),
    new Float32Array(cells).fill(-4),
  ];
  const logits = {
    shape: [1, masks.length, 7, 5],
    data: Float32Array.from(masks.flatMap((mask) => [...mask])),
  };
  const graph = trace('stability', { logits }, new Map(), ({ logits }) => ({
    scores: stabilityScores(logits),
  }));
  const { scores } = interpret(graph, { logits }, () => new Float32Array());
  expect(scores!.shape).toEqual([1, 3]);
  expect([...scores!.data]).toEqual(masks.map((mask) => stabilityScore(mask)));
  expect(scores!.data[2]).toBe(0);
});
