import { type HostValue, reshape, type Tensor, trace, type Weights } from '@samgpu/graph';
import { neck } from '@samgpu/sam';

import { expectGolden, isStored } from '../../../sam/src/parity/golden.ts';
import { channelsFirst } from '../../../sam/src/parity/layout.ts';
import type { Run } from '../../../sam/src/parity/run.ts';
import { embedPatches, encodeImage, transformerBlock } from '../image-encoder.ts';
import type { EfficientCase } from './efficient-sam-case.ts';

type Shape4 = readonly [number, number, number, number];

/** The encoder's input against the official one. */
export async function checkInput({ golden, image, decoder }: EfficientCase): Promise<void> {
  const side = decoder.imageSize;
  const planes = channelsFirst(image.tensor, [1, side, side, 3]);
  // A sum of four float32 products in another order, divided by a deviation of 0.22: 4 steps of 2.4e-7.
  await expectGolden(golden, 'input', planes, 1e-6);
}

/** `[1, size / 16, size / 16, 256]` */
export async function embed(efficientCase: EfficientCase, run: Run): Promise<HostValue> {
  const { weights, encoder } = efficientCase;
  const image = inputOf(efficientCase);
  const graph = trace('encoder', { image }, weights.tensors, ({ image }, w) => ({
    embedding: encodeImage(image, w.at('image_encoder'), encoder),
  }));
  const { embedding } = await run(graph, { image }, weights);
  return { shape: embedding!.shape, data: Float32Array.from(embedding!.data) };
}

export async function checkEmbedding(
  { golden, limits }: EfficientCase,
  { shape, data }: HostValue,
): Promise<void> {
  const planes = channelsFirst(data, shape as Shape4);
  await expectGolden(golden, 'embedding', planes, limits.embedding_max_abs);
}

/** Every stage that a case holds, so that a failure names the first one that is off. */
export async function checkEncoderStages(efficientCase: EfficientCase, run: Run): Promise<void> {
  const { golden, weights, stageLimit } = efficientCase;
  const image = inputOf(efficientCase);
  const graph = trace('encoder stages', { image }, weights.tensors, ({ image }, w) => {
    const all = Object.entries(stages(image, w.at('image_encoder'), efficientCase));
    return Object.fromEntries(all.filter(([name]) => isStored(golden, `stage.${name}`)));
  });
  const outputs = await run(graph, { image }, weights);
  for (const [stage, { data, shape }] of Object.entries(outputs)) {
    // Blocks hold tokens row by row; the neck is a convolutional network, with channels first.
    const official = stage === 'neck' ? channelsFirst(data, shape as Shape4) : data;
    await expectGolden(golden, `stage.${stage}`, official, stageLimit(stage));
  }
}

/** @param w - the place of the image encoder */
function stages(image: Tensor, w: Weights, { encoder }: EfficientCase): Record<string, Tensor> {
  const map = embedPatches(image, w);
  const [, height, width, channels] = map.shape as Shape4;
  let x = reshape(map, [1, height * width, channels]);
  const result: Record<string, Tensor> = { patch_embed_pos: x };
  for (let i = 0; i < encoder.depth; i++) {
    x = transformerBlock(x, w.at(`blocks.${i}`), encoder.heads);
    result[`block${i}`] = x;
  }
  result['neck'] = neck(reshape(x, [1, height, width, channels]), w.at('neck'));
  return result;
}

function inputOf({ image, decoder }: EfficientCase): HostValue {
  const side = decoder.imageSize;
  return { shape: [1, side, side, 3], data: image.tensor };
}
