/**
 * The tensors of the official checkpoints: every path and shape. What a checkpoint holds can be
 * checked against it before any of it is read.
 */
import {
  below,
  type Entries,
  layerShapes,
  type MaskDecoderConfig,
  maskDecoderShapes,
  neckShapes,
  normShapes,
  promptEncoderShapes,
  type WeightShapes,
} from '@samgpu/sam';

import type { BlockConfig, ImageEncoderConfig } from './config.ts';
import { stageEnds } from './image-encoder.ts';

const EMBEDDING = 256;

/** All tensors of an EdgeSAM checkpoint. */
export function weightShapes(
  encoder: ImageEncoderConfig,
  decoder: Pick<MaskDecoderConfig, 'layers' | 'masks'>,
): WeightShapes {
  return new Map([
    ...imageEncoderShapes(encoder),
    ...promptEncoderShapes(),
    ...maskDecoderShapes(decoder),
  ]);
}

/** Those below `image_encoder`. */
export function imageEncoderShapes(config: ImageEncoderConfig): WeightShapes {
  const { width, blocks } = config;
  const [fine, coarse] = stageEnds(config)
    .slice(-2)
    .map((index) => blocks[index]!.width) as [number, number];
  const all = blocks.map((block, index) =>
    below(`features.${index + 1}`, blockShapes(blocks[index - 1]?.width ?? width, block)),
  );
  return new Map(
    below('image_encoder', [
      ...below('features.0.0', normedShapes([width / 2, 3, 3, 3])),
      ...below('features.0.2', normedShapes([width, width / 2, 3, 3])),
      ...all.flat(),
      ['fuse_stage2.weight', [EMBEDDING, fine, 1, 1]],
      ['fuse_stage3.op_list.0.weight', [EMBEDDING, coarse, 1, 1]],
      ...below('neck', neckShapes(EMBEDDING)),
    ]),
  );
}

/** Those of one block. */
export function blockShapes(inputs: number, { width, stride, squeeze }: BlockConfig): Entries {
  const near = normedShapes([inputs, 1, 3, 3]);
  const pixels: Entries =
    stride === 1
      ? [
          ...below('token_mixer.0.conv', near),
          ...below('token_mixer.0.conv1', normedShapes([inputs, 1, 1, 1])),
        ]
      : [
          ...below('token_mixer.0', near),
          ...below('token_mixer.2', normedShapes([width, inputs, 1, 1])),
        ];
  return [
    ...pixels,
    ...(squeeze ? below('token_mixer.1', squeezeShapes(inputs)) : []),
    ...below('channel_mixer.m.0', normedShapes([2 * width, width, 1, 1])),
    ...below('channel_mixer.m.2', normedShapes([width, 2 * width, 1, 1])),
  ];
}

function squeezeShapes(width: number): Entries {
  // A quarter, rounded to a multiple of 8.
  const hidden = Math.max(8, 8 * Math.round(width / 4 / 8));
  return [
    ...below('fc1', layerShapes([hidden, width, 1, 1])),
    ...below('fc2', layerShapes([width, hidden, 1, 1])),
  ];
}

/** A convolution without bias, and the batch norm behind it. */
function normedShapes(weight: readonly [outputs: number, ...rest: number[]]): Entries {
  return [
    ['c.weight', weight],
    ...below('bn', [
      ...normShapes(weight[0]),
      ['running_mean', [weight[0]]],
      ['running_var', [weight[0]]],
      ['num_batches_tracked', []],
    ]),
  ];
}
