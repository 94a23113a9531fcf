import { type HostValue, trace } from '@samgpu/graph';
import { expectClose, seededValues } from '@samgpu/testing';
import { TokenLabel } from '@samgpu/variant';

import { maskDecoder } from '../config.ts';
import { decodeMasks } from '../mask-decoder.ts';
import { maskDecoderShapes, promptEncoderShapes } from '../weight-shapes.ts';
import { openFixture } from './golden.ts';
import type { ModuleCase } from './module-case.ts';
import { type DecoderPrompt, promptSpecs, promptValues } from './prompt-values.ts';
import type { Outputs, Run } from './run.ts';

const weights = (await openFixture('modules_sam')).weights(
  new Map([...promptEncoderShapes(), ...maskDecoderShapes(maskDecoder)]),
);

/** Cells of the embedding along a side: the smallest that has an inside. */
const SIDE = 4;
const LOGIT_SIDE = 4 * SIDE;

const embedding: HostValue = {
  shape: [1, SIDE, SIDE, 256],
  data: seededValues(SIDE * SIDE * 256, 1),
};

const click: DecoderPrompt = {
  tokens: [
    { x: 30, y: 12, label: TokenLabel.include },
    { x: 0, y: 0, label: TokenLabel.padding },
  ],
};
const boxWithMask: DecoderPrompt = {
  tokens: [
    { x: 9, y: 40, label: TokenLabel.exclude },
    { x: 5, y: 6, label: TokenLabel.boxTopLeft },
    { x: 50, y: 48, label: TokenLabel.boxBottomRight },
  ],
  mask: seededValues(LOGIT_SIDE * LOGIT_SIDE, 2).map((value) => 8 * value),
};

/** `tokens` is the number of places that the decoder is made for. */
async function decode(
  run: Run,
  prompts: readonly DecoderPrompt[],
  tokens: number,
): Promise<Outputs> {
  const values = promptValues(prompts, LOGIT_SIDE, tokens);
  const graph = trace(
    `decoder ${prompts.length}x${tokens}`,
    { embedding, ...promptSpecs(values) },
    weights.tensors,
    ({ embedding, ...prompts }, w) => ({
      ...decodeMasks(embedding, prompts, w, { ...maskDecoder, imageSize: 16 * SIDE }),
    }),
  );
  return run(graph, { embedding, ...values }, weights);
}

function part({ data }: Outputs[string], prompt: number, size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, index) => data[prompt * size + index]!);
}

/** Prompts of different lengths in a decoder made for more, and each in one made for it. */
export const absentTokens: ModuleCase = {
  name: 'absent tokens change nothing',
  async check(run) {
    const prompts = [click, boxWithMask];
    const together = await decode(run, prompts, 8);
    for (const [index, prompt] of prompts.entries()) {
      const alone = await decode(run, [prompt], prompt.tokens.length);
      for (const output of ['logits', 'scores']) {
        const expected = alone[output]!;
        expectClose(
          part(together[output]!, index, expected.data.length),
          Float32Array.from(expected.data),
          // Removed keys weigh exactly nothing. A kernel may add the others in another order, which
          // costs what the official float32 run differs from float64: 5e-6 in logits.
          { what: `${output} of prompt ${index} in a batch`, limit: 1e-5 },
        );
      }
    }
  },
};
