/**
 * The tensors of the official checkpoints: every path and shape, as `build_sam.py` of
 * segment-anything makes them. What a checkpoint holds can be checked against it before any of it
 * is read.
 */
import type { ImageEncoderConfig, MaskDecoderConfig } from './config.ts';
import { PATCH, WINDOW } from './image-encoder.ts';

/** Shapes by checkpoint path, in the checkpoint's layout. */
export type WeightShapes = ReadonlyMap<string, readonly number[]>;

type Entries = readonly (readonly [path: string, shape: readonly number[]])[];

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
  { width, depth, heads, globalBlocks }: ImageEncoderConfig,
  imageSize: number,
): WeightShapes {
  const side = imageSize / PATCH;
  const blocks = Array.from({ length: depth }, (_, index) => {
    const reach = globalBlocks.includes(index) ? side : WINDOW;
    return blockShapes({ width, heads, window: [reach, reach] }, `blocks.${index}`);
  });
  return new Map(
    below('image_encoder', [
      ['pos_embed', [1, side, side, width]],
      ...below('patch_embed.proj', layer([width, 3, PATCH, PATCH])),
      ...blocks.flatMap((block) => [...block]),
      ['neck.0.weight', [EMBEDDING, width, 1, 1]],
      ...below('neck.1', norm(EMBEDDING)),
      ['neck.2.weight', [EMBEDDING, EMBEDDING, 3, 3]],
      ...below('neck.3', norm(EMBEDDING)),
    ]),
  );
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
      ...below('norm1', norm(width)),
      ...attentionShapes(sizes, 'attn'),
      ...below('norm2', norm(width)),
      ...below('mlp.lin1', layer([4 * width, width])),
      ...below('mlp.lin2', layer([width, 4 * width])),
    ]),
  );
}

/** The attention of one block of the ViT, below `path`. */
export function attentionShapes({ width, heads, window }: BlockSizes, path: string): WeightShapes {
  return new Map(
    below(path, [
      ['rel_pos_h', [2 * window[0] - 1, width / heads]],
      ['rel_pos_w', [2 * window[1] - 1, width / heads]],
      ...below('qkv', layer([3 * width, width])),
      ...below('proj', layer([width, width])),
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
        ...below('0', layer([MASK_CHANNELS / 4, 1, 2, 2])),
        ...below('1', norm(MASK_CHANNELS / 4)),
        ...below('3', layer([MASK_CHANNELS, MASK_CHANNELS / 4, 2, 2])),
        ...below('4', norm(MASK_CHANNELS)),
        ...below('6', layer([EMBEDDING, MASK_CHANNELS, 1, 1])),
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
    below(`output_hypernetworks_mlps.${mask}`, perceptron(UPSCALED)),
  );
  return new Map(
    below('mask_decoder', [
      ['iou_token.weight', [1, EMBEDDING]],
      ['mask_tokens.weight', [masks, EMBEDDING]],
      ...below('transformer', transformer(layers)),
      // Transposed convolutions have their inputs first.
      ['output_upscaling.0.weight', [EMBEDDING, EMBEDDING / 4, 2, 2]],
      ['output_upscaling.0.bias', [EMBEDDING / 4]],
      ...below('output_upscaling.1', norm(EMBEDDING / 4)),
      ['output_upscaling.3.weight', [EMBEDDING / 4, UPSCALED, 2, 2]],
      ['output_upscaling.3.bias', [UPSCALED]],
      ...hypernetworks.flat(),
      ...below('iou_prediction_head', perceptron(masks)),
    ]),
  );
}

function transformer(layers: number): Entries {
  const cross = twoWayAttention(CROSS_ATTENTION);
  const each = Array.from({ length: layers }, (_, index) =>
    below(`layers.${index}`, [
      ...below('self_attn', twoWayAttention(EMBEDDING)),
      ...below('norm1', norm(EMBEDDING)),
      ...below('cross_attn_token_to_image', cross),
      ...below('norm2', norm(EMBEDDING)),
      ...below('mlp.lin1', layer([TWO_WAY_HIDDEN, EMBEDDING])),
      ...below('mlp.lin2', layer([EMBEDDING, TWO_WAY_HIDDEN])),
      ...below('norm3', norm(EMBEDDING)),
      ...below('norm4', norm(EMBEDDING)),
      ...below('cross_attn_image_to_token', cross),
    ]),
  );
  return [
    ...each.flat(),
    ...below('final_attn_token_to_image', cross),
    ...below('norm_final_attn', norm(EMBEDDING)),
  ];
}

function twoWayAttention(inner: number): Entries {
  return [
    ...['q_proj', 'k_proj', 'v_proj'].flatMap((name) => below(name, layer([inner, EMBEDDING]))),
    ...below('out_proj', layer([EMBEDDING, inner])),
  ];
}

function perceptron(outputs: number): Entries {
  return [EMBEDDING, EMBEDDING, outputs].flatMap((width, index) =>
    below(`layers.${index}`, layer([width, EMBEDDING])),
  );
}

/** A linear layer or a convolution: one bias per output, which is the weight's first axis. */
function layer(weight: readonly [outputs: number, ...rest: number[]]): Entries {
  return [
    ['weight', weight],
    ['bias', [weight[0]]],
  ];
}

function norm(width: number): Entries {
  return [
    ['weight', [width]],
    ['bias', [width]],
  ];
}

function below(path: string, entries: Iterable<Entries[number]>): Entries {
  return Array.from(entries, ([name, shape]) => [`${path}.${name}`, shape] as const);
}
