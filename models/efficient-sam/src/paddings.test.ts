// One padding stands for all of them: the decoder gives what it gives when each has its own token.
import { type HostValue, trace } from '@samgpu/graph';
import {
  type BackendName,
  type DecoderPrompt,
  openEngine,
  type Outputs,
  promptValues,
  runOnce,
} from '@samgpu/parity';
import { expectClose, FormulaWeightStore, seededValues } from '@samgpu/testing';
import { TokenLabel } from '@samgpu/variant';
import { expect, test } from 'vitest';

import { maskDecoder, PROMPT_TOKENS, vitTiny } from './config.ts';
import { decodeMasks } from './mask-decoder.ts';
import { promptTokens } from './prompt-encoder.ts';
import { weightShapes } from './weight-shapes.ts';

/** Cells of the embedding along a side: the smallest that has an inside. */
const SIDE = 4;

const config = { ...maskDecoder, imageSize: 16 * SIDE };
const weights = new FormulaWeightStore(weightShapes(vitTiny, config), { seed: 5 });

const embedding: HostValue = {
  shape: [1, SIDE, SIDE, 256],
  data: seededValues(SIDE * SIDE * 256, 1),
};

const box = { left: 5, top: 6, right: 50, bottom: 48 };
const prompts = [
  promptTokens({ points: [{ x: 30, y: 12, label: 'include' }] }),
  promptTokens({ points: [{ x: 9, y: 40, label: 'include' }], box }),
  promptTokens({ points: [], box }),
];

/** As the official code has them. */
function withAllPaddings(tokens: DecoderPrompt['tokens']): DecoderPrompt['tokens'] {
  const padding = { x: -1, y: -1, label: TokenLabel.padding };
  const given = tokens.filter(({ label }) => label !== TokenLabel.padding);
  return [...given, ...Array.from({ length: PROMPT_TOKENS - given.length }, () => padding)];
}

async function decode(
  backend: BackendName,
  lists: readonly DecoderPrompt['tokens'][],
  places: number,
): Promise<Outputs> {
  const list = lists.map((tokens) => ({ tokens }));
  const { points, labels } = promptValues(list, 4 * SIDE, places);
  const graph = trace(
    `decoder of ${places} tokens`,
    {
      embedding,
      points: { shape: points.shape },
      labels: { shape: labels.shape, dtype: 'i32' },
    },
    weights.tensors,
    ({ embedding, ...given }, w) => ({ ...decodeMasks(embedding, given, w, config) }),
  );
  const engine = await openEngine(backend);
  try {
    return await runOnce(engine, graph, { embedding, points, labels }, weights);
  } finally {
    engine.dispose();
  }
}

test.each(['interpreter', 'onnx'] as const)('one padding counts as many on %s', async (backend) => {
  expect(prompts.map(({ length }) => length)).toEqual([2, 4, 3]);
  const short = await decode(backend, prompts, 4); // the first and the last get absent tokens, too
  const long = await decode(backend, prompts.map(withAllPaddings), PROMPT_TOKENS);
  for (const output of ['logits', 'scores']) {
    expectClose(Float32Array.from(short[output]!.data), Float32Array.from(long[output]!.data), {
      what: output,
      // The same sums in another order, which costs what the official float32 run differs from
      // float64: 5e-6 in logits.
      limit: 1e-5,
    });
  }
});
