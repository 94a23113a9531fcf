import { expect, test } from 'vitest';

import { hiera, sam2Config } from './config.ts';
import { huggingFaceNames } from './hugging-face-names.ts';
import { weightShapes } from './weight-shapes.ts';

// Official names, and what transformers' conversion makes of them.
test.each([
  ['image_encoder.trunk.pos_embed_window', 'vision_encoder.backbone.pos_embed_window'],
  [
    'image_encoder.trunk.patch_embed.proj.bias',
    'vision_encoder.backbone.patch_embed.projection.bias',
  ],
  [
    'image_encoder.trunk.blocks.3.mlp.layers.1.weight',
    'vision_encoder.backbone.blocks.3.mlp.proj_out.weight',
  ],
  ['image_encoder.trunk.blocks.3.norm2.bias', 'vision_encoder.backbone.blocks.3.layer_norm2.bias'],
  [
    'image_encoder.trunk.blocks.3.attn.proj.bias',
    'vision_encoder.backbone.blocks.3.attn.proj.bias',
  ],
  ['image_encoder.neck.convs.2.conv.weight', 'vision_encoder.neck.convs.2.weight'],
  [
    'sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix',
    'shared_image_embedding.positional_embedding',
  ],
  ['sam_prompt_encoder.mask_downscaling.4.weight', 'prompt_encoder.mask_embed.layer_norm2.weight'],
  ['sam_prompt_encoder.not_a_point_embed.weight', 'prompt_encoder.not_a_point_embed.weight'],
  [
    'sam_mask_decoder.transformer.layers.1.mlp.layers.0.weight',
    'mask_decoder.transformer.layers.1.mlp.proj_in.weight',
  ],
  [
    'sam_mask_decoder.transformer.layers.1.self_attn.out_proj.weight',
    'mask_decoder.transformer.layers.1.self_attn.o_proj.weight',
  ],
  [
    'sam_mask_decoder.transformer.norm_final_attn.weight',
    'mask_decoder.transformer.layer_norm_final_attn.weight',
  ],
  [
    'sam_mask_decoder.output_hypernetworks_mlps.3.layers.1.weight',
    'mask_decoder.output_hypernetworks_mlps.3.layers.0.weight',
  ],
  [
    'sam_mask_decoder.pred_obj_score_head.layers.2.bias',
    'mask_decoder.pred_obj_score_head.proj_out.bias',
  ],
  ['sam_mask_decoder.output_upscaling.3.bias', 'mask_decoder.upscale_conv2.bias'],
  [
    'memory_attention.layers.2.cross_attn_image.out_proj.bias',
    'memory_attention.layers.2.cross_attn_image.o_proj.bias',
  ],
  ['memory_attention.layers.2.norm3.bias', 'memory_attention.layers.2.layer_norm3.bias'],
  ['memory_attention.norm.weight', 'memory_attention.layer_norm.weight'],
  [
    'memory_encoder.mask_downsampler.encoder.10.weight',
    'memory_encoder.mask_downsampler.layers.3.layer_norm.weight',
  ],
  [
    'memory_encoder.mask_downsampler.encoder.6.bias',
    'memory_encoder.mask_downsampler.layers.2.conv.bias',
  ],
  [
    'memory_encoder.mask_downsampler.encoder.12.bias',
    'memory_encoder.mask_downsampler.final_conv.bias',
  ],
  [
    'memory_encoder.fuser.layers.1.dwconv.bias',
    'memory_encoder.memory_fuser.layers.1.depthwise_conv.bias',
  ],
  [
    'memory_encoder.fuser.layers.1.pwconv2.bias',
    'memory_encoder.memory_fuser.layers.1.pointwise_conv2.bias',
  ],
  ['memory_encoder.fuser.layers.1.gamma', 'memory_encoder.memory_fuser.layers.1.scale'],
  ['memory_encoder.out_proj.weight', 'memory_encoder.projection.weight'],
  ['memory_encoder.pix_feat_proj.weight', 'memory_encoder.feature_projection.weight'],
  ['obj_ptr_proj.layers.0.weight', 'object_pointer_proj.proj_in.weight'],
  ['obj_ptr_tpos_proj.bias', 'temporal_positional_encoding_projection_layer.bias'],
  ['mask_downsample.weight', 'mask_downsample.weight'],
  ['no_obj_ptr', 'no_object_pointer'],
])('%s is known as %s', (official, theirs) => {
  expect(huggingFaceNames.rename!(theirs)).toBe(official);
  expect(weightShapes(sam2Config(hiera.tiny, '2.1')).has(official)).toBe(true);
});
