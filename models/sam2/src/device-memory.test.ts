// The graphs on a device that has no more than every WebGPU device: planned, without one.
import type { Graph, WeightInfo } from '@samgpu/graph';
import {
  traceEncoder,
  tracePointTo,
  traceRecall,
  traceRemember,
  traceTrack,
  type TrackingVariant,
} from '@samgpu/variant';
import { planMemory } from '@samgpu/webgpu';
import { describe, expect, test } from 'vitest';

import { sam2BasePlus, sam2Large, sam2Small, sam2Tiny } from './sam2.ts';

const limits = { alignment: 256, arenaBytes: 2 ** 28, bindingBytes: 2 ** 27 };

function manifestOf(variant: TrackingVariant): Map<string, WeightInfo> {
  return new Map(
    Array.from(variant.weightShapes!(), ([path, shape]) => [path, { shape, dtype: 'f16' }]),
  );
}

const plan = (graph: Graph): ReturnType<typeof planMemory> => planMemory(graph, { limits });

// Maps of the first stage are large: 256 x 256 places.
test.each([
  [sam2Tiny, 330e6],
  [sam2Small, 330e6],
  [sam2BasePlus, 400e6],
  [sam2Large, 520e6],
])('the encoder of $title runs anywhere', (variant, room) => {
  const { arenaBytes, inputBytes, outputBytes } = plan(traceEncoder(variant, manifestOf(variant)));
  expect(arenaBytes + inputBytes + outputBytes).toBeLessThan(room);
});

describe('tracking runs anywhere', () => {
  const manifest = manifestOf(sam2Tiny);
  const encoder = traceEncoder(sam2Tiny, manifest);
  const source = { variant: sam2Tiny, manifest, encoder };

  test.each([
    [
      'one object with seven memories',
      traceRecall(source, { objects: 1, frames: 7, pointers: 16 }),
    ],
    ['four of them', traceRecall(source, { objects: 4, frames: 7, pointers: 16 })],
    ['three with ten memories', traceRecall(source, { objects: 3, frames: 10, pointers: 24 })],
    ['finding four objects', traceTrack(source, { objects: 4, tokens: 2 }, [4, 64, 64, 256])],
    ['remembering four objects', traceRemember(source, 4)],
    ['a mask that is given', tracePointTo(source)],
  ])('%s', (_, graph) => {
    const { arenaBytes, inputBytes, outputBytes } = plan(graph);
    expect(arenaBytes + inputBytes + outputBytes).toBeLessThan(480e6);
  });
});
