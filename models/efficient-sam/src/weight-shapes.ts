/**
 * The tensors of the official checkpoints: every path and shape, as `build_efficient_sam.py` makes
 * them. What a checkpoint holds can be checked against it before any of it is read.
 */
import {
  below,
  type Entries,
  layerShapes,
  type MaskDecoderConfig,
  neckShapes,
  normShapes,
  transposedShapes,
  twoWayTransformerShapes,
  type WeightShapes,
} from '@samgpu/sam';

import type { ImageEncoderConfig } from './config.ts';
import { PATCH, STORED_SIDE } from './image-encoder.ts';

/** Channels of the embedding, and of every token. */
const EMBEDDING = 256;
const UPSCALED = EMBEDDING / 8;
const TWO_WAY_HIDDEN = 2048;

/** All tensors of an EfficientSAM checkpoint. */
export function weightShapes(
  encoder: ImageEncoderConfig,
  decoder: Pick<MaskDecoderConfig, 'layers' | 'masks'>,
): WeightShapes {
  return new Map([
    ...below('image_encoder', imageEncoderShapes(encoder)),
    ...below('prompt_encoder', promptEncoderShapes()),
    ...below('mask_decoder', maskDecoderShapes(decoder)),
  ]);
}

function imageEncoderShapes({ width, depth }: ImageEncoderConfig): Entries {
  const blocks = Array.from({ length: depth }, (_, index) =>
    below(`blocks.${index}`, [
      ...below('norm1', normShapes(width)),
      ...below('attn.qkv', layerShapes([3 * width, width])),
      ...below('attn.proj', layerShapes([width, width])),
      ...below('norm2', normShapes(width)),
      ...below('mlp.fc1', layerShapes([4 * width, width])),
      ...below('mlp.fc2', layerShapes([width, 4 * width])),
    ]),
  );
  return [
    // The class token's position comes first.
    ['pos_embed', [1, 1 + STORED_SIDE ** 2, width]],
    ...below('patch_embed.proj', layerShapes([width, 3, PATCH, PATCH])),
    ...blocks.flat(),
    ...below('neck', neckShapes(width)),
  ];
}

function promptEncoderShapes(): Entries {
  const kinds = [
    'invalid_points',
    'point_embeddings',
    'bbox_top_left_embeddings',
    'bbox_bottom_right_embeddings',
  ];
  return [
    ['pe_layer.positional_encoding_gaussian_matrix', [2, EMBEDDING / 2]],
    ...kinds.map((kind) => [`${kind}.weight`, [1, EMBEDDING]] as const),
  ];
}

function maskDecoderShapes({
  layers,
  masks,
}: Pick<MaskDecoderConfig, 'layers' | 'masks'>): Entries {
  const hypernetworks = Array.from({ length: masks }, (_, mask) =>
    below(`output_hypernetworks_mlps.${mask}`, perceptronShapes(UPSCALED)),
  );
  const inLayers: Entries = [
    ...below('mlp.layers.0.0', layerShapes([TWO_WAY_HIDDEN, EMBEDDING])),
    ...below('mlp.fc', layerShapes([EMBEDDING, TWO_WAY_HIDDEN])),
  ];
  return [
    ['iou_token.weight', [1, EMBEDDING]],
    ['mask_tokens.weight', [masks, EMBEDDING]],
    ...below('transformer', twoWayTransformerShapes(layers, inLayers)),
    ...below('final_output_upscaling_layers', [
      ...below('0.0', transposedShapes([EMBEDDING, EMBEDDING / 4, 2, 2])),
      ...below('0.1', normShapes(EMBEDDING / 4)),
      ...below('1.0', transposedShapes([EMBEDDING / 4, UPSCALED, 2, 2])),
    ]),
    ...hypernetworks.flat(),
    ...below('iou_prediction_head', perceptronShapes(masks)),
  ];
}

function perceptronShapes(outputs: number): Entries {
  return [
    ...below('layers.0.0', layerShapes([EMBEDDING, EMBEDDING])),
    ...below('layers.1.0', layerShapes([EMBEDDING, EMBEDDING])),
    ...below('fc', layerShapes([outputs, EMBEDDING])),
  ];
}
