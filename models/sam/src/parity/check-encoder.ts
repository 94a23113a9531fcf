import { conv2d, type HostValue, layerNorm, type Tensor, trace } from '@samgpu/graph';

import {
  embedPatches,
  encodeImage,
  neck,
  relativeAttention,
  transformerBlock,
  WINDOW,
} from '../image-encoder.ts';
import { expectGolden, expectGoldenWindows } from './golden.ts';
import { channelsFirst, toWindows } from './layout.ts';
import type { NetworkCase } from './network-case.ts';
import type { Run } from './run.ts';

const NORM = { epsilon: 1e-6 };

type Shape4 = readonly [number, number, number, number];

/** The encoder's input against the official one, bit by bit: both resize whole numbers. */
export async function checkInput({ golden, image, decoder }: NetworkCase): Promise<void> {
  const side = decoder.imageSize;
  await expectGolden(golden, 'input', channelsFirst(image.tensor, [1, side, side, 3]), 0);
}

/** The embedding of the picture, `[1, size / 16, size / 16, 256]`. */
export async function embed(network: NetworkCase, run: Run): Promise<HostValue> {
  const { weights } = network;
  const image = inputOf(network);
  const graph = trace('encoder', { image }, weights.tensors, ({ image }, w) => ({
    embedding: encodeImage(image, w.at('image_encoder'), network.encoder),
  }));
  const { embedding } = await run(graph, { image }, weights);
  return { shape: embedding!.shape, data: Float32Array.from(embedding!.data) };
}

export async function checkEmbedding(
  { golden, limits }: NetworkCase,
  { shape, data }: HostValue,
): Promise<void> {
  const planes = channelsFirst(data, shape as Shape4);
  await expectGolden(golden, 'embedding', planes, limits.embedding_max_abs);
}

/** Every stage of the encoder, so that a failure names the first one that is off. */
export async function checkEncoderStages(network: NetworkCase, run: Run): Promise<void> {
  const { golden, weights, stageLimit } = network;
  const { depth, heads, globalBlocks } = network.encoder;
  const image = inputOf(network);
  const graph = trace('encoder stages', { image }, weights.tensors, ({ image }, w) => {
    const encoder = w.at('image_encoder');
    const first = encoder.at('blocks.0');
    const stages: Record<string, Tensor> = {};
    let x = embedPatches(image, encoder);
    stages['patch_embed_pos'] = x;
    const normed = layerNorm(x, first.at('norm1'), NORM);
    stages['block0.attn'] = relativeAttention(normed, first.at('attn'), heads, WINDOW);
    for (let i = 0; i < depth; i++) {
      const window = globalBlocks.includes(i) ? undefined : WINDOW;
      x = transformerBlock(x, encoder.at(`blocks.${i}`), heads, window);
      stages[`block${i}`] = x;
    }
    const narrowed = conv2d(x, encoder.at('neck.0'));
    stages['neck.1'] = layerNorm(narrowed, encoder.at('neck.1'), NORM);
    stages['neck'] = neck(x, encoder.at('neck'));
    return stages;
  });
  const outputs = await run(graph, { image }, weights);
  for (const [stage, { data, shape }] of Object.entries(outputs)) {
    const name = `stage.${stage}`;
    if (stage === 'block0.attn') {
      const windows = toWindows(data, shape as Shape4, WINDOW);
      await expectGoldenWindows(golden, name, windows, stageLimit(stage));
    } else {
      // The neck is a convolutional network, with channels first.
      const official = stage.startsWith('neck') ? channelsFirst(data, shape as Shape4) : data;
      await expectGolden(golden, name, official, stageLimit(stage));
    }
  }
}

function inputOf({ image, decoder }: NetworkCase): HostValue {
  const side = decoder.imageSize;
  return { shape: [1, side, side, 3], data: image.tensor };
}
