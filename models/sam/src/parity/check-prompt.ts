import { type HostValue, trace } from '@samgpu/graph';
import { upsampleLogits } from 'samgpu';
import { expect } from 'vitest';

import { attendToPrompts, decodeMasks, upscale } from '../mask-decoder.ts';
import { encodeDense, encodeGrid, encodeTokens } from '../prompt-encoder.ts';
import { expectGolden, openFixture } from './golden.ts';
import { channelsFirst } from './layout.ts';
import type { CasePrompt, NetworkCase } from './network-case.ts';
import { decoderPrompt, promptSpecs, promptValues } from './prompt-values.ts';
import type { Outputs, Run } from './run.ts';

type Shape4 = readonly [number, number, number, number];

/** Masks that answer a prompt: `multimask_output` of the official predictor, on and off. */
const ANSWERS = { multi: [1, 2, 3], single: [0] } as const;

/** One prompt from picture to masks, and what lies between as far as the case has it. */
export async function checkPrompt(
  network: NetworkCase,
  prompt: CasePrompt,
  embedding: HostValue,
  run: Run,
): Promise<void> {
  const outputs = await decode(network, prompt, embedding, run);
  await checkStages(network, prompt.name, outputs);
  for (const [answer, masks] of Object.entries(ANSWERS)) {
    await checkAnswer(network, `${prompt.name}.${answer}`, masks, outputs);
  }
}

async function decode(
  network: NetworkCase,
  prompt: CasePrompt,
  embedding: HostValue,
  run: Run,
): Promise<Outputs> {
  const { weights, decoder } = network;
  const [, height, width] = embedding.shape as Shape4;
  const values = promptValues([await decoderPrompt(network, prompt)], 4 * height);
  const graph = trace(
    `decoder ${prompt.name}`,
    { embedding, ...promptSpecs(values) },
    weights.tensors,
    ({ embedding, ...prompts }, w) => {
      const { logits, scores } = decodeMasks(embedding, prompts, w, decoder);
      const { tokens, map } = attendToPrompts(embedding, prompts, w, decoder);
      const encoder = w.at('prompt_encoder');
      return {
        sparse: encodeTokens(prompts, encoder, decoder.imageSize),
        dense: encodeDense(prompts, encoder),
        dense_pe: encodeGrid(encoder, height, width),
        tokens_out: tokens,
        src_out: map,
        upscaled: upscale(map, w.at('mask_decoder.output_upscaling')),
        logits,
        scores,
      };
    },
  );
  return run(graph, { embedding, ...values }, weights);
}

async function checkStages(
  { golden, limits }: NetworkCase,
  prompt: string,
  outputs: Outputs,
): Promise<void> {
  const planes = (name: string): Float32Array =>
    channelsFirst(outputs[name]!.data, outputs[name]!.shape as Shape4);
  // The prompt encoder sees nothing of the picture, so the limits of its modules hold.
  const modules = await openFixture('modules_sam');
  const limitOf = async (name: string): Promise<number> =>
    (await modules.golden(name)).limit!.maxAbs;

  const positions = await limitOf('prompt_encoder.points_and_box');
  await expectGolden(golden, `${prompt}.sparse`, outputs['sparse']!.data, positions);
  const grid = channelsFirst(outputs['dense_pe']!.data, [1, 16, 16, 256]);
  await expectGolden(golden, 'dense_pe', grid, await limitOf('prompt_encoder.dense_pe'));
  if (isStored(golden.names, `${prompt}.dense`)) {
    const limit = await limitOf('mask_downscaling.out');
    await expectGolden(golden, `${prompt}.dense`, planes('dense'), limit);
  }

  // The case states no limit for these. Logits are sums of their products, which errors add up in.
  const limit = limits.low_res_max_abs;
  await expectGolden(golden, `${prompt}.tokens_out`, outputs['tokens_out']!.data, limit);
  if (isStored(golden.names, `${prompt}.src_out`)) {
    await expectGolden(golden, `${prompt}.src_out`, outputs['src_out']!.data, limit);
    await expectGolden(golden, `${prompt}.upscaled`, planes('upscaled'), limit);
  }
}

async function checkAnswer(
  network: NetworkCase,
  tag: string,
  masks: readonly number[],
  outputs: Outputs,
): Promise<void> {
  const { golden, limits } = network;
  const [, , side, width] = outputs['logits']!.shape as Shape4;
  const all = Float32Array.from(outputs['logits']!.data);
  const logits = masks.map((mask) => all.slice(mask * side * width, (mask + 1) * side * width));
  const scores = masks.map((mask) => outputs['scores']!.data[mask]!);
  const joined = logits.flatMap((values) => [...values]);
  await expectGolden(golden, `${tag}.low_res`, joined, limits.low_res_max_abs);
  await expectGolden(golden, `${tag}.iou`, scores, limits.iou_max_abs);

  const { original, resized, size } = network.image.frame;
  const enlarged = logits.map((data) =>
    upsampleLogits(
      { width, height: side, data },
      original,
      { mode: 'two-step', frame: { width: size, height: size }, resized },
      { returnLogits: true },
    ),
  );
  if (isStored(golden.names, `${tag}.full_logits`)) {
    // Enlarging averages, so no error grows.
    const full = enlarged.flatMap((mask) => [...mask.logits!.data]);
    await expectGolden(golden, `${tag}.full_logits`, full, limits.low_res_max_abs);
  }
  // How far the areas of two masks are apart bounds how much of them is common.
  network.maskAreas(tag).forEach((area, index) => {
    const got = enlarged[index]!.area;
    const ratio = Math.min(got, area) / Math.max(got, area);
    expect(ratio, `area of ${tag} ${index}`).toBeGreaterThanOrEqual(limits.mask_min_iou);
  });
  if (isStored(golden.names, `${tag}.masks`)) {
    const expected = await golden.masks(`${tag}.masks`);
    const pixels = original.width * original.height;
    enlarged.forEach(({ bitmap }, index) => {
      const wanted = expected.bits.subarray(index * pixels, (index + 1) * pixels);
      const overlap = intersectionOverUnion(bitmap.data, wanted);
      expect(overlap, `mask ${tag} ${index}`).toBeGreaterThanOrEqual(limits.mask_min_iou);
    });
  }
}

function isStored(names: readonly string[], name: string): boolean {
  return names.some((stored) => stored === name || stored === `${name}.sample`);
}

function intersectionOverUnion(a: Uint8Array, b: Uint8Array): number {
  let common = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    common += a[i]! & b[i]!;
    either += a[i]! | b[i]!;
  }
  return common / either;
}
