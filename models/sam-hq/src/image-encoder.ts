import type { Tensor, Weights } from '@samgpu/graph';
import { encodeLayers, type TinyVitConfig } from '@samgpu/mobile-sam';
import { encodeBlocks, type ImageEncoderConfig, neck } from '@samgpu/sam';

/** What HQ-SAM takes of an image encoder. */
export interface EncodedImage {
  readonly embedding: Tensor; // [1, size / 16, size / 16, 256]
  /** A map of before, in which edges are still sharp. */
  readonly early: Tensor; // [1, size / 16, size / 16, channels]
}

/**
 * SAM's ViT. The early map is that of the first block that attends over the whole grid.
 *
 * Weights are those below `image_encoder` (segment_anything/modeling/image_encoder.py of sam-hq).
 *
 * @param image - `[1, size, size, 3]`, normalised and padded
 */
export function encodeVit(image: Tensor, w: Weights, config: ImageEncoderConfig): EncodedImage {
  const blocks = encodeBlocks(image, w, config);
  return {
    embedding: neck(blocks.at(-1)!, w.at('neck')),
    early: blocks[Math.min(...config.globalBlocks)]!,
  };
}

/**
 * MobileSAM's TinyViT. The early map is that of the second layer, as the third one takes it.
 *
 * Weights are those below `image_encoder` (segment_anything/modeling/tiny_vit_sam.py of sam-hq).
 *
 * @param image - `[1, size, size, 3]`, normalised and padded
 */
export function encodeTinyVit(image: Tensor, w: Weights, config: TinyVitConfig): EncodedImage {
  const layers = encodeLayers(image, w, config);
  return { embedding: neck(layers.at(-1)!, w.at('neck')), early: layers[1]! };
}
