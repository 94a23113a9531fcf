import { elementCount, type Graph, type HostValue, type WeightStore } from '@samgpu/graph';

import type { BenchmarkCase } from './benchmark-case.ts';
import { graphFlops } from './graph-flops.ts';
import { graphTraffic } from './graph-traffic.ts';

/** A whole network, or a part of one: what is timed is what is compared. */
export function modelCase(
  name: string,
  graph: Graph,
  weights: WeightStore,
  inputs: Readonly<Record<string, HostValue>>,
): BenchmarkCase {
  return {
    name,
    timed: graph,
    checked: graph,
    inputs,
    weights,
    flops: graphFlops(graph),
    traffic: graphTraffic(graph),
    // Dozens of layers, each with its own order of sums.
    tolerance: 1e-3,
  };
}

/** Numbers between -1 and 1, or that times a scale; the same in every run. */
export function drawn(shape: readonly number[], scale = 1): HostValue {
  const data = Float32Array.from(
    { length: elementCount(shape) },
    (_, i) => scale * Math.sin(i * 12.9898),
  );
  return { shape, data };
}
