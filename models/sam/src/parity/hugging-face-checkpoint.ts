/** Checkpoints as Hugging Face transformers has them, made of official tensors. */
import type { WeightStore } from '@samgpu/weights';

type Rule = readonly [official: RegExp | string, theirs: string];

/** What its conversion of SAM replaces, wherever it occurs, in this order. */
const SAM: readonly Rule[] = [
  ['iou_prediction_head.layers.0', 'iou_prediction_head.proj_in'],
  ['iou_prediction_head.layers.1', 'iou_prediction_head.layers.0'],
  ['iou_prediction_head.layers.2', 'iou_prediction_head.proj_out'],
  [/(output_hypernetworks_mlps\.\d)\.layers\.0/, '$1.proj_in'],
  [/(output_hypernetworks_mlps\.\d)\.layers\.1/, '$1.layers.0'],
  [/(output_hypernetworks_mlps\.\d)\.layers\.2/, '$1.proj_out'],
  ['output_upscaling.0', 'upscale_conv1'],
  ['output_upscaling.1', 'upscale_layer_norm'],
  ['output_upscaling.3', 'upscale_conv2'],
  ['mask_downscaling.0', 'mask_embed.conv1'],
  ['mask_downscaling.1', 'mask_embed.layer_norm1'],
  ['mask_downscaling.3', 'mask_embed.conv2'],
  ['mask_downscaling.4', 'mask_embed.layer_norm2'],
  ['mask_downscaling.6', 'mask_embed.conv3'],
  ['point_embeddings', 'point_embed'],
  ['pe_layer.positional_encoding_gaussian_matrix', 'shared_embedding.positional_embedding'],
  ['image_encoder', 'vision_encoder'],
  ['neck.0', 'neck.conv1'],
  ['neck.1', 'neck.layer_norm1'],
  ['neck.2', 'neck.conv2'],
  ['neck.3', 'neck.layer_norm2'],
  ['patch_embed.proj', 'patch_embed.projection'],
  ['.norm', '.layer_norm'],
  ['blocks', 'layers'],
];

/** What it replaces besides in HQ-SAM. */
const HQ: readonly Rule[] = [
  ['hf_token', 'hq_token'],
  ['compress_vit_feat.0', 'compress_vit_conv1'],
  ['compress_vit_feat.1', 'compress_vit_norm'],
  ['compress_vit_feat.3', 'compress_vit_conv2'],
  ['embedding_encoder.0', 'encoder_conv1'],
  ['embedding_encoder.1', 'encoder_norm'],
  ['embedding_encoder.3', 'encoder_conv2'],
  ['embedding_maskfeature.0', 'mask_conv1'],
  ['embedding_maskfeature.1', 'mask_norm'],
  ['embedding_maskfeature.3', 'mask_conv2'],
  ['hf_mlp.layers.0', 'hq_mask_mlp.proj_in'],
  ['hf_mlp.layers.1', 'hq_mask_mlp.layers.0'],
  ['hf_mlp.layers.2', 'hq_mask_mlp.proj_out'],
];

const POSITIONS = 'prompt_encoder.shared_embedding.positional_embedding';
const IMAGE_POSITIONS = 'shared_image_embedding.positional_embedding';

/** What transformers calls an official tensor of SAM or HQ-SAM. */
export function huggingFaceName(official: string): string {
  return [...SAM, ...HQ].reduce((name, [from, to]) => name.replace(from, to), official);
}

/** @param positions - the matrix of positions stands twice, or in one of its two places */
export function huggingFaceCheckpoint(
  weights: WeightStore,
  positions: 'both' | 'image' | 'prompts' = 'both',
): WeightStore {
  const official = new Map<string, string>();
  for (const path of weights.tensors.keys()) {
    const name = huggingFaceName(path);
    if (name !== POSITIONS || positions !== 'image') {
      official.set(name, path);
    }
    if (name === POSITIONS && positions !== 'prompts') {
      official.set(IMAGE_POSITIONS, path);
    }
  }
  return {
    tensors: new Map(
      Array.from(official, ([name, path]) => [name, weights.tensors.get(path)!] as const),
    ),
    fingerprint: `${weights.fingerprint}:hugging-face:${positions}`,
    read: (name, signal) => weights.read(official.get(name)!, signal),
  };
}
