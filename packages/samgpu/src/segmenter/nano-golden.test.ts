/**
 * nano against the golden values of its PyTorch code, on every backend: encoder and decoder as
 * programs, then the whole way from a PNG file to masks through the public API.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  type Backend,
  type Graph,
  type HostValue,
  interpret,
  type WeightStore,
} from '@samgpu/graph';
import { nano } from '@samgpu/nano';
import { createOnnxBackend } from '@samgpu/onnx';
import { traceDecoder, traceEncoder } from '@samgpu/variant';
import { memorySource, openSafetensors, type OpenWeights, toFloat32 } from '@samgpu/weights';
import { expectClose, sampleIndices } from '@samgpu/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readImage } from '../image-source/index.ts';
import { preprocessImage } from '../preprocess/index.ts';
import { batchPrompts } from './prompt-batch.ts';
import { Segmenter } from './segmenter.ts';
import type { Prompt } from './prompt.ts';
import { Mask } from '../mask/index.ts';

const FIXTURES = new URL('../../../../models/nano/fixtures/', import.meta.url);

/**
 * Largest absolute error of features (values up to about 10) and logits (up to about 30) in f32.
 * The float64 interpreter differs from PyTorch's f32 run by 6e-6; another order of f32 sums by a
 * few times that. Rounding one weight more than PyTorch did, to f16, moves logits by 1e-2.
 */
const TOLERANCE = 1e-4;

/** Predicted scores lie in 0..1. */
const SCORE_TOLERANCE = 1e-5;

interface GoldenPrompt {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly labels: readonly number[];
  readonly box: readonly [number, number, number, number] | null;
  readonly mask: string | null;
  readonly mask_pixels: readonly number[];
}

interface Golden {
  readonly images: readonly { readonly file: string; readonly prompts: readonly GoldenPrompt[] }[];
}

const golden = JSON.parse(readFileSync(new URL('golden.json', FIXTURES), 'utf8')) as Golden;

/** Runs a graph somewhere and gives its outputs as plain values. */
type Run = (
  graph: Graph,
  inputs: Readonly<Record<string, HostValue>>,
) => Promise<Record<string, { shape: readonly number[]; data: ArrayLike<number> }>>;

let goldenValues: OpenWeights;
let weights: OpenWeights;

beforeAll(async () => {
  const open = (url: URL): Promise<OpenWeights> => openSafetensors(memorySource(readFileSync(url)));
  goldenValues = await open(new URL('golden.safetensors', FIXTURES));
  weights = await open(nano.weights.url);
});

async function valuesOf(store: WeightStore, name: string): Promise<Float32Array> {
  return toFloat32(await store.read(name), store.tensors.get(name)!.dtype);
}

async function interpreterRun(): Promise<Run> {
  const values = new Map<string, Float32Array>();
  for (const path of weights.tensors.keys()) {
    values.set(path, await valuesOf(weights, path));
  }
  return async (graph, inputs) => interpret(graph, inputs, (path) => values.get(path)!);
}

function backendRun(backend: Backend): Run {
  return async (graph, inputs) => {
    const program = await backend.compile(graph, weights);
    const outputs = await program.run(inputs);
    const read = Object.entries(outputs).map(
      async ([name, value]) => [name, await value.read()] as const,
    );
    const result = Object.fromEntries(await Promise.all(read));
    program.dispose();
    return result;
  };
}

const backends: readonly { name: string; start: () => Promise<Run>; stop?: () => void }[] = [
  { name: 'the float64 interpreter', start: interpreterRun },
  {
    name: 'onnxruntime-node',
    start: async () => backendRun(await createOnnxBackend({ runtime: 'node' })),
  },
  {
    name: 'onnxruntime-web',
    start: async () => backendRun(await createOnnxBackend({ runtime: 'web' })),
  },
];

/** A feature map against the golden sample of it. Both are cells by channels. */
function expectSample(actual: ArrayLike<number>, expected: Float32Array, what: string): void {
  const sample = Array.from(sampleIndices(actual.length, expected.length), (i) => actual[i]!);
  expectClose(sample, expected, { what, limit: TOLERANCE });
}

function promptOf({ points, labels, box }: GoldenPrompt, mask: Mask | undefined): Prompt {
  return {
    points: points.map(([x, y], index) => ({
      x,
      y,
      label: labels[index] === 0 ? 'exclude' : 'include',
    })),
    // The golden boxes name the first and the last pixel inside.
    ...(box === null
      ? {}
      : { box: { x: box[0], y: box[1], width: box[2] - box[0] + 1, height: box[3] - box[1] + 1 } }),
    ...(mask === undefined ? {} : { mask }),
  };
}

/** The mask that a golden prompt feeds back: `logits of "click", output 3, …`. */
async function previousMask(
  image: number,
  note: string | null,
  size: { width: number; height: number },
): Promise<Mask | undefined> {
  const output = /^logits of "click", output (\d)/.exec(note ?? '')?.[1];
  if (output === undefined) {
    return undefined;
  }
  const logits = await valuesOf(goldenValues, `image${image}.click.logits`);
  const side = nano.masks.logitSize;
  const data = logits.slice(Number(output) * side * side, (Number(output) + 1) * side * side);
  return Mask.fromBitmap(
    { ...size, data: new Uint8Array(size.width * size.height) },
    { logits: { width: side, height: side, data } },
  );
}

describe.each(backends)('nano on $name', ({ start }) => {
  let run: Run;
  beforeAll(async () => {
    run = await start();
  });

  test.each([0, 1])('gives the golden features, logits and scores of image %i', async (index) => {
    const { file, prompts } = golden.images[index]!;
    const pixels = await readImage(fileURLToPath(new URL(file, FIXTURES)));
    const { tensor, frame } = preprocessImage(pixels, nano.preprocessing);
    const encoder = traceEncoder(nano, weights.tensors);
    const { size } = nano.preprocessing;
    const features = await run(encoder, { image: { shape: [1, size, size, 3], data: tensor } });
    for (const [ours, theirs] of [
      ['embedding', 'embed'],
      ['features8', 'feat8'],
      ['features4', 'feat4'],
    ] as const) {
      const expected = await valuesOf(goldenValues, `image${index}.${theirs}.sample`);
      expectSample(features[ours]!.data, expected, ours);
    }

    const stored = Object.fromEntries(
      Object.entries(features).map(([name, { shape, data }]) => [
        name,
        { shape, data: Float32Array.from(data) },
      ]),
    );
    for (const prompt of prompts) {
      const mask = await previousMask(index, prompt.mask, frame.original);
      const { sizes, inputs } = batchPrompts([promptOf(prompt, mask)], nano, frame);
      const decoder = traceDecoder(nano, weights.tensors, encoder, sizes);
      const { logits, scores } = await run(decoder, { ...stored, ...inputs });
      const name = `image${index}.${prompt.name}`;
      expectClose(logits!.data, await valuesOf(goldenValues, `${name}.logits`), {
        what: `${name}.logits`,
        limit: TOLERANCE,
      });
      expectClose(scores!.data, await valuesOf(goldenValues, `${name}.iou`), {
        what: `${name}.iou`,
        limit: SCORE_TOLERANCE,
      });
    }
  });
});

describe('nano through the public API', () => {
  let segmenter: Segmenter;
  beforeAll(async () => {
    segmenter = await Segmenter.load(nano);
  });
  afterAll(() => segmenter.dispose());

  test.each([0, 1])(
    'gives the golden masks of image %i, all prompts in one call',
    async (index) => {
      const { file, prompts } = golden.images[index]!;
      using image = await segmenter.encode(fileURLToPath(new URL(file, FIXTURES)));
      const asked = await Promise.all(
        prompts.map(async (prompt) =>
          promptOf(prompt, await previousMask(index, prompt.mask, image)),
        ),
      );
      const single = await image.segment(asked);
      const several = await image.segment(asked, { multimask: true });
      const { logitSize } = nano.masks;
      for (const [position, prompt] of prompts.entries()) {
        const expected = await valuesOf(goldenValues, `image${index}.${prompt.name}.logits`);
        const output = (mask: number): Float32Array =>
          expected.slice(mask * logitSize ** 2, (mask + 1) * logitSize ** 2);
        const best = single[position]!.mask;
        expect(single[position]!.masks).toHaveLength(1);
        expectClose(best.logits!.data, output(0), { what: prompt.name, limit: TOLERANCE });

        const scores = await valuesOf(goldenValues, `image${index}.${prompt.name}.iou`);
        const order = [1, 2, 3].sort((a, b) => scores[b]! - scores[a]!);
        const candidates = several[position]!.masks;
        expect(candidates).toHaveLength(3);
        candidates.forEach((mask, rank) => {
          expectClose(mask.logits!.data, output(order[rank]!), {
            what: prompt.name,
            limit: TOLERANCE,
          });
          expect(mask.score).toBeCloseTo(scores[order[rank]!]!, 4);
        });
      }
    },
  );
});
