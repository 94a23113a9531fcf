/**
 * The tensors of the official checkpoints: every path and shape, as `build_sam.py` of SAM 2 makes
 * them. What a checkpoint holds can be checked against it before any of it is read.
 */
import {
  below,
  type Entries,
  layerShapes,
  maskDecoderShapes,
  normShapes,
  perceptronShapes,
  promptEncoderShapes,
  type WeightShapes,
} from '@samgpu/sam';

import { EMBEDDING, type HieraConfig, type MemoryConfig, type Sam2Config } from './config.ts';
import { hieraBlocks } from './hiera-blocks.ts';

const PATCH = 7;
const MEMORY_HIDDEN = 2048;

/** All tensors of a SAM 2 checkpoint. */
export function weightShapes({ encoder, decoder, memory }: Sam2Config): WeightShapes {
  return new Map([
    ...below('image_encoder.trunk', trunkShapes(encoder)),
    ...below('image_encoder.neck', neckShapes(encoder)),
    ...below('memory_attention', memoryAttentionShapes(memory)),
    ...below('memory_encoder', memoryEncoderShapes(memory)),
    ...Array.from(promptEncoderShapes(), ([path, shape]) => [`sam_${path}`, shape] as const),
    ...decoderShapes(decoder),
    ...trackingShapes(memory),
  ]);
}

/** Those below `image_encoder.trunk`. */
export function trunkShapes(config: HieraConfig): Entries {
  const { width, positions, windows } = config;
  const blocks = hieraBlocks(config).map(({ inputs, outputs }, index) =>
    below(`blocks.${index}`, [
      ...below('norm1', normShapes(inputs)),
      ...below('attn.qkv', layerShapes([3 * outputs, inputs])),
      ...below('attn.proj', layerShapes([outputs, outputs])),
      ...below('norm2', normShapes(outputs)),
      ...below('mlp.layers.0', layerShapes([4 * outputs, outputs])),
      ...below('mlp.layers.1', layerShapes([outputs, 4 * outputs])),
      ...(inputs === outputs ? [] : below('proj', layerShapes([outputs, inputs]))),
    ]),
  );
  return [
    ['pos_embed', [1, width, positions, positions]],
    ['pos_embed_window', [1, width, windows[0], windows[0]]],
    ...below('patch_embed.proj', layerShapes([width, 3, PATCH, PATCH])),
    ...blocks.flat(),
  ];
}

/** Those below `image_encoder.neck`. */
function neckShapes(config: HieraConfig): Entries {
  const widths = hieraBlocks(config).flatMap(({ outputs, endsStage }) =>
    endsStage ? [outputs] : [],
  );
  return widths
    .reverse()
    .flatMap((width, index) => below(`convs.${index}.conv`, layerShapes([EMBEDDING, width, 1, 1])));
}

/** Those below `memory_attention`. */
export function memoryAttentionShapes({ layers, width }: MemoryConfig): Entries {
  const attention = (memory: number): Entries => [
    ...below('q_proj', layerShapes([EMBEDDING, EMBEDDING])),
    ...below('k_proj', layerShapes([EMBEDDING, memory])),
    ...below('v_proj', layerShapes([EMBEDDING, memory])),
    ...below('out_proj', layerShapes([EMBEDDING, EMBEDDING])),
  ];
  const each = Array.from({ length: layers }, (_, index) =>
    below(`layers.${index}`, [
      ...below('self_attn', attention(EMBEDDING)),
      ...below('cross_attn_image', attention(width)),
      ...below('linear1', layerShapes([MEMORY_HIDDEN, EMBEDDING])),
      ...below('linear2', layerShapes([EMBEDDING, MEMORY_HIDDEN])),
      ...['norm1', 'norm2', 'norm3'].flatMap((name) => below(name, normShapes(EMBEDDING))),
    ]),
  );
  return [...each.flat(), ...below('norm', normShapes(EMBEDDING))];
}

/** Those below `memory_encoder`. */
export function memoryEncoderShapes({ width, fuserBlocks }: MemoryConfig): Entries {
  const channels = [1, 4, 16, 64, EMBEDDING];
  const halvings = channels
    .slice(1)
    .map((outputs, index) => [
      ...below(`${3 * index}`, layerShapes([outputs, channels[index]!, 3, 3])),
      ...below(`${3 * index + 1}`, normShapes(outputs)),
    ]);
  const fusers = Array.from({ length: fuserBlocks }, (_, index) =>
    below(`fuser.layers.${index}`, [
      ['gamma', [EMBEDDING]],
      ...below('dwconv', layerShapes([EMBEDDING, 1, 7, 7])),
      ...below('norm', normShapes(EMBEDDING)),
      ...below('pwconv1', layerShapes([4 * EMBEDDING, EMBEDDING])),
      ...below('pwconv2', layerShapes([EMBEDDING, 4 * EMBEDDING])),
    ]),
  );
  return [
    ...below('mask_downsampler.encoder', [
      ...halvings.flat(),
      ...below('12', layerShapes([EMBEDDING, EMBEDDING, 1, 1])),
    ]),
    ...below('pix_feat_proj', layerShapes([EMBEDDING, EMBEDDING, 1, 1])),
    ...fusers.flat(),
    ...below('out_proj', layerShapes([width, EMBEDDING, 1, 1])),
  ];
}

/** SAM's mask decoder by the names it has here, and what SAM 2 adds to it. */
function decoderShapes(decoder: Sam2Config['decoder']): Entries {
  const renamed = Array.from(maskDecoderShapes(decoder), ([path, shape]) => {
    const name = path.replace('mlp.lin1', 'mlp.layers.0').replace('mlp.lin2', 'mlp.layers.1');
    return [`sam_${name}`, shape] as const;
  });
  return [
    ...renamed,
    ...below('sam_mask_decoder', [
      ['obj_score_token.weight', [1, EMBEDDING]],
      ...below('pred_obj_score_head', perceptronShapes(1)),
      ...below('conv_s0', layerShapes([EMBEDDING / 8, EMBEDDING, 1, 1])),
      ...below('conv_s1', layerShapes([EMBEDDING / 4, EMBEDDING, 1, 1])),
    ]),
  ];
}

/** What belongs to no part: tokens that stand for something, and layers of pointers. */
function trackingShapes(memory: MemoryConfig): Entries {
  const { width, frames, timedPointers, marksAbsence } = memory;
  return [
    ['maskmem_tpos_enc', [frames, 1, 1, width]],
    ['no_mem_embed', [1, 1, EMBEDDING]],
    ['no_mem_pos_enc', [1, 1, EMBEDDING]],
    ['no_obj_ptr', [1, EMBEDDING]],
    ...(marksAbsence ? ([['no_obj_embed_spatial', [1, width]]] as const) : []),
    ...below('mask_downsample', layerShapes([1, 1, 4, 4])),
    ...below('obj_ptr_proj', perceptronShapes(EMBEDDING)),
    ...(timedPointers ? below('obj_ptr_tpos_proj', layerShapes([width, EMBEDDING])) : []),
  ];
}
