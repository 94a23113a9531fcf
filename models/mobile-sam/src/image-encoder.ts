import type { Tensor, Weights } from '@samgpu/graph';
import { neck } from '@samgpu/sam';

import { attentionBlock } from './attention-block.ts';
import type { TinyVitConfig } from './config.ts';
import { convolutionBlock, embedPatches, mergePatches } from './convolution-blocks.ts';

/**
 * MobileSAM's image encoder: TinyViT, then SAM's neck.
 *
 * Weight names are those of the published checkpoint, below `image_encoder`
 * (mobile_sam/modeling/tiny_vit_sam.py). Batch norms are folded into the convolutions before them.
 *
 * @param image - `[1, size, size, 3]`, normalised and padded
 * @returns `[1, size / 16, size / 16, 256]`
 */
export function encodeImage(image: Tensor, w: Weights, config: TinyVitConfig): Tensor {
  return neck(encodeLayers(image, w, config).at(-1)!, w.at('neck'));
}

/**
 * What every layer gives, after the step to the next layer's width: HQ-SAM takes the second besides
 * the embedding.
 */
export function encodeLayers(image: Tensor, w: Weights, config: TinyVitConfig): Tensor[] {
  let x = embedPatches(image, w.at('patch_embed')); // [1, size / 4, size / 4, width]
  return config.layers.map(({ depth, attention }, index) => {
    const layer = w.at(`layers.${index}`);
    for (let i = 0; i < depth; i++) {
      const block = layer.at(`blocks.${i}`);
      x = attention ? attentionBlock(x, block, attention) : convolutionBlock(x, block);
    }
    if (index < config.layers.length - 1) {
      const stride = config.halvingLayers.includes(index) ? 2 : 1;
      x = mergePatches(x, layer.at('downsample'), stride);
    }
    return x;
  });
}
