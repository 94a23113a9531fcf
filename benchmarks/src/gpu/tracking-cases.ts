/** What SAM 2.1 tiny does for each object of a frame: memory attention and memory encoder. */
import { type Graph, type HostValue, nodeAt, trace } from '@samgpu/graph';
import { defineSam2, encodeMemory, hiera, sam2Config } from '@samgpu/sam2';
import { traceEncoder, traceRecall, type TrackingVariant } from '@samgpu/variant';

import { drawn, modelCase } from './model-case.ts';
import { RandomWeights } from './random-weights.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

/** SAM 2.1 tiny with another side of its input. */
export function sam2TinyOfSize(imageSize: number): TrackingVariant {
  return defineSam2(
    {
      name: `sam2.1-tiny-${imageSize}`,
      title: `SAM 2.1 T at ${imageSize}`,
      description: 'drawn weights',
      weights: {
        kind: 'brought',
        reason: 'a benchmark draws them',
        from: new URL('https://github.com/facebookresearch/sam2'),
        files: [],
      },
    },
    { ...sam2Config(hiera.tiny, '2.1'), imageSize },
  );
}

/** A frame's memories once tracking is under way: of a prompt and of the six frames before. */
const MEMORIES = 7;
const POINTERS = 16;

export function trackingCases(imageSize: number): BenchmarkCase[] {
  return [memoryAttentionCase(imageSize), memoryEncoderCase(imageSize)];
}

function memoryAttentionCase(imageSize: number): BenchmarkCase {
  const variant = sam2TinyOfSize(imageSize);
  const weights = drawnWeights(variant);
  const manifest = weights.tensors;
  const graph = traceRecall(
    { variant, manifest, encoder: traceEncoder(variant, manifest) },
    { objects: 1, frames: MEMORIES, pointers: POINTERS },
  );
  const name = `memory attention SAM 2.1 T, ${MEMORIES} memories, ${imageSize}`;
  return modelCase(name, graph, weights, {
    ...drawnInputs(graph),
    ages: {
      shape: [1, MEMORIES],
      data: Int32Array.from({ length: MEMORIES }, (_, i) => MEMORIES - 1 - i),
    },
    distances: {
      shape: [1, POINTERS],
      data: Float32Array.from({ length: POINTERS }, (_, i) => i / (POINTERS - 1)),
    },
    hasPointer: { shape: [1, POINTERS], data: new Float32Array(POINTERS).fill(1) },
  });
}

/** Before the memory is rounded to bfloat16, where the smallest difference becomes a whole step. */
function memoryEncoderCase(imageSize: number): BenchmarkCase {
  const variant = sam2TinyOfSize(imageSize);
  const { memory } = sam2Config(hiera.tiny, '2.1');
  const weights = drawnWeights(variant);
  const cells = imageSize / 16;
  const name = `memory encoder SAM 2.1 T, ${imageSize}`;
  const graph = trace(
    name,
    {
      embedding: { shape: [1, cells, cells, 256] },
      masks: { shape: [1, imageSize, imageSize, 1] },
    },
    weights.tensors,
    ({ embedding, masks }, w) => ({
      memory: encodeMemory(embedding, masks, w.at('memory_encoder'), memory),
    }),
  );
  return modelCase(name, graph, weights, {
    embedding: drawn([1, cells, cells, 256]),
    masks: drawn([1, imageSize, imageSize, 1], 10),
  });
}

function drawnWeights(variant: TrackingVariant): RandomWeights {
  return new RandomWeights(variant.name, variant.weightShapes!());
}

function drawnInputs(graph: Graph): Record<string, HostValue> {
  return Object.fromEntries(
    Array.from(graph.inputs, ([name, id]) => [name, drawn(nodeAt(graph.nodes, id).shape)]),
  );
}
