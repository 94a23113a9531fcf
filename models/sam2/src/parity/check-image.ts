import { add, reshape, type Tensor, trace, type Weights } from '@samgpu/graph';
import { encodeDense, encodeGrid, encodeTokens } from '@samgpu/sam';
import { type Logits, upsampleLogits } from '@samgpu/mask';
import { answerRule, type FramePrompt, type PromptTensors } from '@samgpu/variant';

import { expectGolden, isStored } from '../../../sam/src/parity/golden.ts';
import { channelsFirst } from '../../../sam/src/parity/layout.ts';
import { promptSpecs, promptValues } from '../../../sam/src/parity/prompt-values.ts';
import type { Outputs, Run } from '../../../sam/src/parity/run.ts';
import { sineCode } from '../grid-codes.ts';
import { embedPatches, encodeBlocks, projectPatches } from '../hiera.ts';
import { featuresFrom, pyramid, stageMaps, withoutMemory } from '../image-encoder.ts';
import { decodeMasks } from '../mask-decoder.ts';
import { expectBits } from './expect-bits.ts';
import { boxesOf, ellipseMask, type ImageCase, type ImagePrompt } from './image-case.ts';

type Shape4 = readonly [number, number, number, number];

/** What the encoder gave, by name. */
export type FeatureValues = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
>;

/** A blend of floats is a sum of a few products near 1, 6e-8 each, divided by the least std. */
const INPUT_LIMIT = 2e-6;

export async function checkInput({ golden, image }: ImageCase): Promise<void> {
  const planes = channelsFirst(image.data, image.shape as Shape4);
  await expectGolden(golden, 'input', planes, INPUT_LIMIT);
}

/** The features of the picture, in one run with all stages that the case holds. */
export async function checkEncoder(imageCase: ImageCase, run: Run): Promise<FeatureValues> {
  const { golden, config, weights, image } = imageCase;
  const rows = new Map<string, Tensor>();
  const planes = new Map<string, Tensor>();
  const graph = trace('encoder', { image }, weights.tensors, ({ image }, w) => {
    // Recorded once: a graph computes all that is recorded in it.
    const blocks = encodeBlocks(image, w.at('image_encoder.trunk'), config.encoder);
    const levels = pyramid(stageMaps(blocks, config.encoder), w.at('image_encoder.neck'));
    const features = featuresFrom(levels, w);
    for (const [name, map] of trunkStages(image, blocks, w)) {
      if (isStored(golden, name)) rows.set(name, map);
    }
    for (const [name, map] of pyramidStages(levels, w)) {
      if (isStored(golden, name)) planes.set(name, map);
    }
    planes.set('image_embed', withoutMemory(features.embedding, w));
    planes.set('high_res_feats.0', features.quarters);
    planes.set('high_res_feats.1', features.eighths);
    return { ...features, ...Object.fromEntries(rows), ...Object.fromEntries(planes) };
  });
  const outputs = await run(graph, { image }, weights);
  for (const name of rows.keys()) {
    await expectGolden(golden, name, outputs[name]!.data);
  }
  for (const name of planes.keys()) {
    const { data, shape } = outputs[name]!;
    await expectGolden(golden, name, channelsFirst(data, shape as Shape4));
  }
  return Object.fromEntries(
    ['embedding', 'eighths', 'quarters'].map((name) => {
      const { shape, data } = outputs[name]!;
      return [name, { shape, data: Float32Array.from(data) }];
    }),
  );
}

function trunkStages(image: Tensor, blocks: readonly Tensor[], w: Weights): [string, Tensor][] {
  const trunk = w.at('image_encoder.trunk');
  return [
    ['trunk.patch_embed_nhwc', projectPatches(image, trunk)],
    ['trunk.with_pos_embed_nhwc', embedPatches(image, trunk)],
    ...blocks.map((map, index): [string, Tensor] => [`trunk.block${index}_nhwc`, map]),
  ];
}

function pyramidStages(levels: readonly Tensor[], w: Weights): [string, Tensor][] {
  const [, height, width] = levels[2]!.shape as Shape4;
  return [
    ...levels.map((map, level): [string, Tensor] => [`fpn.level${level}`, map]),
    ['fpn.pos.level2', reshape(sineCode(w, height, width, 256), [1, height, width, 256])],
  ];
}

/** One prompt from the encoder's features to masks, and what lies between. */
export async function checkPrompt(
  imageCase: ImageCase,
  prompt: ImagePrompt,
  features: FeatureValues,
  run: Run,
): Promise<void> {
  const { golden } = imageCase;
  const outputs = await decode(imageCase, prompt, features, run);
  const tag = prompt.name;
  const stored = async (name: string, values: ArrayLike<number>): Promise<void> => {
    if (isStored(golden, name)) await expectGolden(golden, name, values);
  };
  const planes = (output: string): Float32Array =>
    channelsFirst(outputs[output]!.data, outputs[output]!.shape as Shape4);
  await stored(`${tag}.sparse_embeddings`, outputs['sparse']!.data);
  await stored(`${tag}.dense_embeddings`, planes('dense'));
  await stored('dense_pe', planes('dense_pe'));
  await stored(`${tag}.all_mask_logits`, outputs['all_logits']!.data);
  await stored(`${tag}.all_iou`, outputs['all_scores']!.data);
  await stored(`${tag}.mask_tokens_out`, outputs['tokens']!.data);
  await stored(`${tag}.object_score_logits`, outputs['object']!.data);
  for (const isMultiple of prompt.multimask ?? [true, false]) {
    const { masks } = answerRule(imageCase.variant, { count: isMultiple ? 'multiple' : 'single' });
    await checkAnswer(imageCase, `${tag}.${isMultiple ? 'multi' : 'single'}`, masks, outputs);
  }
}

async function decode(
  { variant, config, weights, frame }: ImageCase,
  imagePrompt: ImagePrompt,
  features: FeatureValues,
  run: Run,
): Promise<Outputs> {
  const [, height, width] = features['embedding']!.shape as Shape4;
  const { name, points = [], labels = [], mask_ellipse: ellipse } = imagePrompt;
  const side = variant.masks.logitSize;
  const mask = ellipse && ellipseMask(ellipse, side);
  const prompts = boxesOf(imagePrompt).map((box): FramePrompt => ({
    points: points.map(([x, y], index) => ({
      ...frame.toFrame(x, y),
      label: labels[index] === 1 ? 'include' : 'exclude',
    })),
    box: box && corners(frame.toFrame(box[0], box[1]), frame.toFrame(box[2], box[3])),
  }));
  const values = promptValues(
    prompts.map((prompt) => ({ tokens: variant.tokens(prompt), mask })),
    side,
  );
  const graph = trace(
    `decoder ${name}`,
    { ...features, ...promptSpecs(values) },
    weights.tensors,
    ({ points, labels, mask, hasMask, ...given }, w) => {
      const prompts: PromptTensors = { points, labels, mask, hasMask };
      const { embedding, eighths, quarters } = given as Readonly<Record<string, Tensor>>;
      const alone = {
        embedding: withoutMemory(embedding!, w),
        eighths: eighths!,
        quarters: quarters!,
      };
      const all = decodeMasks(alone, prompts, w, config);
      const encoder = w.at('sam_prompt_encoder');
      const { logits, scores } = variant.decode(given, prompts, w);
      const grid = encodeGrid(encoder, height, width);
      const dense = encodeDense(prompts, encoder);
      return {
        sparse: encodeTokens(prompts, encoder, config.imageSize),
        // Without a mask it is the same everywhere and held once.
        dense: add(
          dense,
          w.constant(new Array<number>(height * width).fill(0), [1, height, width, 1]),
        ),
        dense_pe: reshape(grid, [1, height, width, -1]),
        all_logits: all.logits,
        all_scores: all.scores,
        tokens: all.maskTokens,
        object: all.objectScore,
        logits,
        scores,
      };
    },
  );
  return run(graph, { ...features, ...values }, weights);
}

function corners(
  topLeft: { readonly x: number; readonly y: number },
  bottomRight: { readonly x: number; readonly y: number },
): NonNullable<FramePrompt['box']> {
  return { left: topLeft.x, top: topLeft.y, right: bottomRight.x, bottom: bottomRight.y };
}

async function checkAnswer(
  { golden, frame }: ImageCase,
  tag: string,
  masks: readonly number[],
  outputs: Outputs,
): Promise<void> {
  const [prompts, count, height, width] = outputs['logits']!.shape as Shape4;
  const all = Float32Array.from(outputs['logits']!.data);
  const rows = Array.from({ length: prompts }, (_, prompt) =>
    masks.map((mask) => prompt * count + mask),
  ).flat();
  const logits = rows.map((row): Logits => ({
    width,
    height,
    data: all.slice(row * height * width, (row + 1) * height * width),
  }));
  const scores = rows.map((row) => Number(outputs['scores']!.data[row]));
  await expectGolden(golden, `${tag}.iou`, scores);
  if (isStored(golden, `${tag}.low_res_logits`)) {
    const clamped = logits.flatMap(({ data }) =>
      Array.from(data, (value) => Math.min(Math.max(value, -32), 32)),
    );
    await expectGolden(golden, `${tag}.low_res_logits`, clamped);
  }
  const enlarged = logits.map((mask) =>
    upsampleLogits(mask, frame.original, { mode: 'bilinear-direct' }, { returnLogits: true }),
  );
  if (isStored(golden, `${tag}.mask_logits`)) {
    const values = enlarged.flatMap(({ logits }) => [...logits!.data]);
    await expectGolden(golden, `${tag}.mask_logits`, values);
  }
  const best = scores.indexOf(Math.max(...scores));
  const bits = enlarged.flatMap(({ bitmap }) => [...bitmap.data]);
  await expectBits(golden, `${tag}.mask_bits`, bits);
  await expectBits(golden, `${tag}.best_mask_bits`, enlarged[best]!.bitmap.data);
}
