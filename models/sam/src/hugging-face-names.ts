import type { WeightNaming } from '@samgpu/variant';

/** A beginning of a name, and what stands for it officially. */
export type NameRule = readonly [prefix: string, official: string];

const POSITIONS = 'prompt_encoder.pe_layer.positional_encoding_gaussian_matrix';

/**
 * Names of `SamModel` in Hugging Face transformers (its convert_sam_to_hf.py, read backwards).
 *
 * Longer beginnings stand before shorter ones that they begin with.
 */
const RULES: readonly NameRule[] = [
  ['vision_encoder.patch_embed.projection.', 'image_encoder.patch_embed.proj.'],
  ['vision_encoder.layers.', 'image_encoder.blocks.'],
  ['vision_encoder.neck.conv1.', 'image_encoder.neck.0.'],
  ['vision_encoder.neck.layer_norm1.', 'image_encoder.neck.1.'],
  ['vision_encoder.neck.conv2.', 'image_encoder.neck.2.'],
  ['vision_encoder.neck.layer_norm2.', 'image_encoder.neck.3.'],
  ['vision_encoder.', 'image_encoder.'],
  // The matrix is stored for the image and for prompts, or once where copies are left out.
  ['shared_image_embedding.positional_embedding', POSITIONS],
  ['prompt_encoder.shared_embedding.positional_embedding', POSITIONS],
  ['prompt_encoder.point_embed.', 'prompt_encoder.point_embeddings.'],
  ['prompt_encoder.mask_embed.conv1.', 'prompt_encoder.mask_downscaling.0.'],
  ['prompt_encoder.mask_embed.layer_norm1.', 'prompt_encoder.mask_downscaling.1.'],
  ['prompt_encoder.mask_embed.conv2.', 'prompt_encoder.mask_downscaling.3.'],
  ['prompt_encoder.mask_embed.layer_norm2.', 'prompt_encoder.mask_downscaling.4.'],
  ['prompt_encoder.mask_embed.conv3.', 'prompt_encoder.mask_downscaling.6.'],
  ['mask_decoder.upscale_conv1.', 'mask_decoder.output_upscaling.0.'],
  ['mask_decoder.upscale_layer_norm.', 'mask_decoder.output_upscaling.1.'],
  ['mask_decoder.upscale_conv2.', 'mask_decoder.output_upscaling.3.'],
];

/** Layers of the perceptrons, whose first and last ones have names of their own. */
const PERCEPTRON =
  /^(mask_decoder\.(?:iou_prediction_head|output_hypernetworks_mlps\.\d+|hf_mlp))\.(proj_in|layers\.0|proj_out)\./;
const PERCEPTRON_LAYERS: Readonly<Record<string, string>> = {
  proj_in: 'layers.0',
  'layers.0': 'layers.1',
  proj_out: 'layers.2',
};

/**
 * The naming of Hugging Face transformers for SAM and its relatives there.
 *
 * @param more - rules for what a relative adds
 * @param marks - tensors that only the relative has
 */
export function huggingFaceNames(
  more: readonly NameRule[] = [],
  marks: readonly string[] = [],
): WeightNaming {
  const rules = [...more, ...RULES];
  return {
    name: 'Hugging Face transformers',
    marks: [
      'vision_encoder.patch_embed.projection.weight',
      'mask_decoder.iou_token.weight',
      ...marks,
    ],
    rename(name) {
      const rule = rules.find(([prefix]) => name.startsWith(prefix));
      const official = rule === undefined ? name : rule[1] + name.slice(rule[0].length);
      return official
        .replace(
          PERCEPTRON,
          (_, path: string, layer: string) => `${path}.${PERCEPTRON_LAYERS[layer]}.`,
        )
        .replaceAll('.layer_norm', '.norm');
    },
  };
}
