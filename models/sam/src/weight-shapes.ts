/**
 * The tensors of the official checkpoints: every path and shape, as `build_sam.py` of
 * segment-anything makes them. What a checkpoint holds can be checked against it before any of it
 * is read.
 */
import type { ImageEncoderConfig, MaskDecoderConfig } from './config.ts';
import { PATCH, WINDOW } from './image-encoder.ts';
import { below, type Entries, layerShapes, normShapes, transposedShapes } from './layer-shapes.ts';

/** Shapes by checkpoint path, in the checkpoint's layout. */
export type WeightShapes = ReadonlyMap<string, readonly number[]>;

/** Channels of the embedding, and of every token. */
const EMBEDDING = 256;
const UPSCALED = EMBEDDING / 8;
const TWO_WAY_HIDDEN = 2048;
/** Channels of attention between tokens and image. */
const CROSS_ATTENTION = EMBEDDING / 2;
const MASK_CHANNELS = 16;

/** All tensors of a SAM checkpoint. */
export function weightShapes(
  encoder: ImageEncoderConfig,
  decoder: MaskDecoderConfig,
): WeightShapes {
  return new Map([
    ...imageEncoderShapes(encoder, decoder.imageSize),
    ...promptEncoderShapes(),
    ...maskDecoderShapes(decoder),
  ]);
}

/** Those below `image_encoder`. */
export function imageEncoderShapes(
  { width, depth, heads, globalBlocks, window = WINDOW }: ImageEncoderConfig,
  imageSize: number,
): WeightShapes {
  const side = imageSize / PATCH;
  const blocks = Array.from({ length: depth }, (_, index) => {
    const reach = globalBlocks.includes(index) ? side : window;
    return blockShapes({ width, heads, window: [reach, reach] }, `blocks.${index}`);
  });
  return new Map(
    below('image_encoder', [
      ['pos_embed', [1, side, side, width]],
      ...below('patch_embed.proj', layerShapes([width, 3, PATCH, PATCH])),
      ...blocks.flatMap((block) => [...block]),
      ...below('neck', neckShapes(width)),
    ]),
  );
}

/** The neck of an image encoder whose last map has `width` channels. */
export function neckShapes(width: number): Entries {
  return [
    ['0.weight', [EMBEDDING, width, 1, 1]],
    ...below('1', normShapes(EMBEDDING)),
    ['2.weight', [EMBEDDING, EMBEDDING, 3, 3]],
    ...below('3', normShapes(EMBEDDING)),
  ];
}

/** What the shapes of one block of the ViT follow from. */
export interface BlockSizes {
  readonly width: number;
  readonly heads: number;
  /** Within which a token attends, in patches: the whole map in global blocks. */
  readonly window: readonly [height: number, width: number];
}

/** One block of the ViT, below `path`. */
export function blockShapes(sizes: BlockSizes, path: string): WeightShapes {
  const { width } = sizes;
  return new Map(
    below(path, [
      ...below('norm1', normShapes(width)),
      ...attentionShapes(sizes, 'attn'),
      ...below('norm2', normShapes(width)),
      ...below('mlp.lin1', layerShapes([4 * width, width])),
      ...below('mlp.lin2', layerShapes([width, 4 * width])),
    ]),
  );
}

/** The attention of one block of the ViT, below `path`. */
export function attentionShapes({ width, heads, window }: BlockSizes, path: string): WeightShapes {
  return new Map(
    below(path, [
      ['rel_pos_h', [2 * window[0] - 1, width / heads]],
      ['rel_pos_w', [2 * window[1] - 1, width / heads]],
      ...below('qkv', layerShapes([3 * width, width])),
      ...below('proj', layerShapes([width, width])),
    ]),
  );
}

/** Those below `prompt_encoder`. */
export function promptEncoderShapes(): WeightShapes {
  const kinds = [0, 1, 2, 3].map((label) => `point_embeddings.${label}`);
  return new Map(
    below('prompt_encoder', [
      ['pe_layer.positional_encoding_gaussian_matrix', [2, EMBEDDING / 2]],
      ...[...kinds, 'not_a_point_embed', 'no_mask_embed'].flatMap((name) =>
        below(name, [['weight', [1, EMBEDDING]]]),
      ),
      ...below('mask_downscaling', [
        ...below('0', layerShapes([MASK_CHANNELS / 4, 1, 2, 2])),
        ...below('1', normShapes(MASK_CHANNELS / 4)),
        ...below('3', layerShapes([MASK_CHANNELS, MASK_CHANNELS / 4, 2, 2])),
        ...below('4', normShapes(MASK_CHANNELS)),
        ...below('6', layerShapes([EMBEDDING, MASK_CHANNELS, 1, 1])),
      ]),
    ]),
  );
}

/** Those below `mask_decoder`. */
export function maskDecoderShapes({
  layers,
  masks,
}: Pick<MaskDecoderConfig, 'layers' | 'masks'>): WeightShapes {
  const hypernetworks = Array.from({ length: masks }, (_, mask) =>
    below(`output_hypernetworks_mlps.${mask}`, perceptronShapes(UPSCALED)),
  );
  return new Map(
    below('mask_decoder', [
      ['iou_token.weight', [1, EMBEDDING]],
      ['mask_tokens.weight', [masks, EMBEDDING]],
      ...below('transformer', twoWayTransformerShapes(layers, TWO_WAY_PERCEPTRON)),
      ...below('output_upscaling', upscalingShapes(EMBEDDING, EMBEDDING / 4)),
      ...hypernetworks.flat(),
      ...below('iou_prediction_head', perceptronShapes(masks)),
    ]),
  );
}

/** Two transposed convolutions with a norm between, from `inputs` over `hidden` to 32 channels. */
export function upscalingShapes(inputs: number, hidden: number): Entries {
  return [
    ...below('0', transposedShapes([inputs, hidden, 2, 2])),
    ...below('1', normShapes(hidden)),
    ...below('3', transposedShapes([hidden, UPSCALED, 2, 2])),
  ];
}

/** @param perceptron - that of each layer, below the layer's path */
export function twoWayTransformerShapes(layers: number, perceptron: Entries): Entries {
  const cross = twoWayAttention(CROSS_ATTENTION);
  const each = Array.from({ length: layers }, (_, index) =>
    below(`layers.${index}`, [
      ...below('self_attn', twoWayAttention(EMBEDDING)),
      ...below('norm1', normShapes(EMBEDDING)),
      ...below('cross_attn_token_to_image', cross),
      ...below('norm2', normShapes(EMBEDDING)),
      ...perceptron,
      ...below('norm3', normShapes(EMBEDDING)),
      ...below('norm4', normShapes(EMBEDDING)),
      ...below('cross_attn_image_to_token', cross),
    ]),
  );
  return [
    ...each.flat(),
    ...below('final_attn_token_to_image', cross),
    ...below('norm_final_attn', normShapes(EMBEDDING)),
  ];
}

const TWO_WAY_PERCEPTRON: Entries = [
  ...below('mlp.lin1', layerShapes([TWO_WAY_HIDDEN, EMBEDDING])),
  ...below('mlp.lin2', layerShapes([EMBEDDING, TWO_WAY_HIDDEN])),
];

function twoWayAttention(inner: number): Entries {
  return [
    ...['q_proj', 'k_proj', 'v_proj'].flatMap((name) =>
      below(name, layerShapes([inner, EMBEDDING])),
    ),
    ...below('out_proj', layerShapes([EMBEDDING, inner])),
  ];
}

/** Three linear layers, as `perceptron` of the decoder takes them. */
export function perceptronShapes(outputs: number): Entries {
  return [EMBEDDING, EMBEDDING, outputs].flatMap((width, index) =>
    below(`layers.${index}`, layerShapes([width, EMBEDDING])),
  );
}
