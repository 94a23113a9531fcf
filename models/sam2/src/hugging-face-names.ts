import type { NameRule } from '@samgpu/sam';
import type { WeightNaming } from '@samgpu/variant';

const POSITIONS = 'sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix';

/**
 * Names of `Sam2VideoModel` and `Sam2Model` in Hugging Face transformers (its
 * convert_sam2_video_to_hf.py, read backwards).
 *
 * Longer beginnings stand before shorter ones that they begin with.
 */
const RULES: readonly NameRule[] = [
  ['vision_encoder.backbone.patch_embed.projection.', 'image_encoder.trunk.patch_embed.proj.'],
  ['vision_encoder.backbone.', 'image_encoder.trunk.'],
  ['vision_encoder.neck.', 'image_encoder.neck.'],
  // The matrix is stored for the image and for prompts, or once where copies are left out.
  ['shared_image_embedding.positional_embedding', POSITIONS],
  ['prompt_encoder.shared_embedding.positional_embedding', POSITIONS],
  // One tensor for the four kinds of points.
  ['prompt_encoder.point_embed.', 'sam_prompt_encoder.point_embeddings.'],
  ['prompt_encoder.mask_embed.conv1.', 'sam_prompt_encoder.mask_downscaling.0.'],
  ['prompt_encoder.mask_embed.layer_norm1.', 'sam_prompt_encoder.mask_downscaling.1.'],
  ['prompt_encoder.mask_embed.conv2.', 'sam_prompt_encoder.mask_downscaling.3.'],
  ['prompt_encoder.mask_embed.layer_norm2.', 'sam_prompt_encoder.mask_downscaling.4.'],
  ['prompt_encoder.mask_embed.conv3.', 'sam_prompt_encoder.mask_downscaling.6.'],
  ['prompt_encoder.', 'sam_prompt_encoder.'],
  ['mask_decoder.upscale_conv1.', 'sam_mask_decoder.output_upscaling.0.'],
  ['mask_decoder.upscale_layer_norm.', 'sam_mask_decoder.output_upscaling.1.'],
  ['mask_decoder.upscale_conv2.', 'sam_mask_decoder.output_upscaling.3.'],
  ['mask_decoder.', 'sam_mask_decoder.'],
  ['memory_encoder.feature_projection.', 'memory_encoder.pix_feat_proj.'],
  ['memory_encoder.projection.', 'memory_encoder.out_proj.'],
  ['memory_encoder.memory_fuser.', 'memory_encoder.fuser.'],
  ['memory_encoder.mask_downsampler.final_conv.', 'memory_encoder.mask_downsampler.encoder.12.'],
  ['memory_temporal_positional_encoding', 'maskmem_tpos_enc'],
  ['no_memory_embedding', 'no_mem_embed'],
  ['no_memory_positional_encoding', 'no_mem_pos_enc'],
  ['no_object_pointer', 'no_obj_ptr'],
  ['object_pointer_proj.', 'obj_ptr_proj.'],
  ['temporal_positional_encoding_projection_layer.', 'obj_ptr_tpos_proj.'],
  ['occlusion_spatial_embedding_parameter', 'no_obj_embed_spatial'],
];

/** Perceptrons of three layers; those of two are all called `mlp`. */
const PERCEPTRON =
  /^((?:sam_mask_decoder\.(?:iou_prediction_head|pred_obj_score_head|output_hypernetworks_mlps\.\d+)|obj_ptr_proj))\.(proj_in|layers\.0|proj_out)\./;
const PERCEPTRON_LAYERS: Readonly<Record<string, string>> = {
  proj_in: 'layers.0',
  'layers.0': 'layers.1',
  proj_out: 'layers.2',
};

/** Halvings of a mask: a convolution, a norm and an activation without weights. */
const HALVING = /^(memory_encoder\.mask_downsampler)\.layers\.(\d+)\.(conv|layer_norm)\./;

/** The naming of Hugging Face transformers. */
export const huggingFaceNames: WeightNaming = {
  name: 'Hugging Face transformers',
  marks: ['vision_encoder.backbone.patch_embed.projection.weight', 'no_memory_embedding'],
  rename(name) {
    const rule = RULES.find(([prefix]) => name.startsWith(prefix));
    const official = rule === undefined ? name : rule[1] + name.slice(rule[0].length);
    return official
      .replace(
        PERCEPTRON,
        (_, path: string, layer: string) => `${path}.${PERCEPTRON_LAYERS[layer]}.`,
      )
      .replace(HALVING, (_, path: string, index: string, part: string) => {
        return `${path}.encoder.${3 * Number(index) + (part === 'conv' ? 0 : 1)}.`;
      })
      .replace(/^(image_encoder\.neck\.convs\.\d+)\./, '$1.conv.')
      .replace('.mlp.proj_in.', '.mlp.layers.0.')
      .replace('.mlp.proj_out.', '.mlp.layers.1.')
      .replace('.depthwise_conv.', '.dwconv.')
      .replace('.pointwise_conv', '.pwconv')
      .replace(/\.scale$/, '.gamma')
      .replace('.o_proj.', '.out_proj.')
      .replaceAll('.layer_norm', '.norm');
  },
};
