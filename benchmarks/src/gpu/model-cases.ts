/** Whole encoders and decoders, on reduced input where a software adapter would take minutes. */
import { trace } from '@samgpu/graph';
import { nano } from '@samgpu/nano';
import {
  decodeMasks,
  encodeImage,
  type ImageEncoderConfig,
  maskDecoder,
  vitB,
  weightShapes,
} from '@samgpu/sam';
import { type PromptTensors, traceDecoder, traceEncoder } from '@samgpu/variant';
import { openSafetensors } from '@samgpu/weights';

import type { Scale } from '../options.ts';
import type { BenchmarkCase } from './benchmark-case.ts';
import { drawn, modelCase } from './model-case.ts';
import { readAsset } from './read-asset.ts';
import { RandomWeights } from './random-weights.ts';
import { trackingCases } from './tracking-cases.ts';

async function nanoCases(): Promise<BenchmarkCase[]> {
  const weights = await openSafetensors(await readAsset(nano.weights.url));
  const encoder = traceEncoder(nano, weights.tensors);
  const decoder = traceDecoder(nano, weights.tensors, encoder, { prompts: 1, tokens: 4 });
  const { size } = nano.preprocessing;
  const decoderInputs = Object.fromEntries(
    [...decoder.inputs].map(([name, id]) => [name, drawn(decoder.nodes[id]!.shape)]),
  );
  return [
    modelCase('encoder nano 384', encoder, weights, { image: drawn([1, size, size, 3]) }),
    modelCase('decoder nano, 1 prompt', decoder, weights, {
      ...decoderInputs,
      points: { shape: [1, 4, 2], data: Float32Array.of(0, 0, 0, 0, 200, 150, 0, 0) },
      labels: { shape: [1, 4], data: Int32Array.of(-1, -1, 1, -2) },
      hasMask: { shape: [1], data: new Float32Array(1) },
    }),
  ];
}

interface SamSizes {
  readonly name: string;
  readonly imageSize: number;
  readonly encoder: ImageEncoderConfig;
}

function samEncoderCase({ name, imageSize, encoder }: SamSizes): BenchmarkCase {
  const weights = new RandomWeights(name, weightShapes(encoder, { ...maskDecoder, imageSize }));
  const graph = trace(
    name,
    { image: { shape: [1, imageSize, imageSize, 3] } },
    weights.tensors,
    ({ image }, w) => ({ embedding: encodeImage(image, w.at('image_encoder'), encoder) }),
  );
  return modelCase(name, graph, weights, { image: drawn([1, imageSize, imageSize, 3]) });
}

function samDecoderCase(prompts: number, imageSize: number): BenchmarkCase {
  const name = `decoder SAM, ${prompts} prompt${prompts > 1 ? 's' : ''}, ${imageSize}`;
  const config = { ...maskDecoder, imageSize };
  const weights = new RandomWeights(name, weightShapes({ ...vitB, depth: 0 }, config));
  const cells = imageSize / 16;
  const tokens = 2;
  const graph = trace(
    name,
    {
      embedding: { shape: [1, cells, cells, 256] },
      points: { shape: [prompts, tokens, 2] },
      labels: { shape: [prompts, tokens], dtype: 'i32' },
      mask: { shape: [prompts, cells * 4, cells * 4, 1] },
      hasMask: { shape: [prompts] },
    },
    weights.tensors,
    ({ embedding, points, labels, mask, hasMask }, w) => {
      const given: PromptTensors = { points, labels, mask, hasMask };
      const { logits, scores } = decodeMasks(embedding, given, w, config);
      return { logits, scores };
    },
  );
  return modelCase(name, graph, weights, {
    embedding: drawn([1, cells, cells, 256]),
    points: {
      shape: [prompts, tokens, 2],
      data: Float32Array.from({ length: prompts * tokens * 2 }, (_, i) => (i * 37) % imageSize),
    },
    labels: {
      shape: [prompts, tokens],
      data: Int32Array.from({ length: prompts * tokens }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    },
    mask: {
      shape: [prompts, cells * 4, cells * 4, 1],
      data: new Float32Array(prompts * cells * cells * 16),
    },
    hasMask: { shape: [prompts], data: new Float32Array(prompts) },
  });
}

export async function modelCases(scale: Scale): Promise<BenchmarkCase[]> {
  const full = scale === 'full';
  const encoder: SamSizes = full
    ? { name: 'encoder SAM ViT-B 1024', imageSize: 1024, encoder: vitB }
    : {
        name: 'encoder SAM, width 192, depth 4, 256',
        imageSize: 256,
        encoder: { width: 192, depth: 4, heads: 3, globalBlocks: [1, 3] },
      };
  const decoderSize = full ? 1024 : 256;
  return [
    ...(await nanoCases()),
    samEncoderCase(encoder),
    samDecoderCase(1, decoderSize),
    samDecoderCase(64, full ? 1024 : 128),
    ...trackingCases(decoderSize),
  ];
}
