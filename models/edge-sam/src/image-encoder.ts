import { add, conv2d, gelu, resize, type Tensor, type Weights } from '@samgpu/graph';
import { neck } from '@samgpu/sam';

import type { ImageEncoderConfig } from './config.ts';
import { normedConvolution, repVitBlock } from './rep-vit-block.ts';

/** Pixels of the image per cell of the embedding, along a side. */
export const STRIDE = 16;

/**
 * EdgeSAM's image encoder (Zhou et al., 2023, https://arxiv.org/abs/2312.06660): RepViT, whose last
 * two stages are fused before SAM's neck.
 *
 * @param image - `[1, size, size, 3]`, normalised and padded
 * @param w - the place of the checkpoint's `image_encoder`
 * @returns `[1, size / 16, size / 16, 256]`
 */
export function encodeImage(image: Tensor, w: Weights, config: ImageEncoderConfig): Tensor {
  let x = stem(image, w.at('features.0'));
  const maps = config.blocks.map((block, index) => {
    x = repVitBlock(x, w.at(`features.${index + 1}`), block);
    return x;
  });
  const [stage2, stage3] = stageEnds(config).slice(-2) as [number, number];
  return neck(fuseStages(maps[stage2]!, maps[stage3]!, w), w.at('neck'));
}

/** `[1, size, size, 3]` to `[1, size / 4, size / 4, width]`. */
export function stem(image: Tensor, w: Weights): Tensor {
  const half = gelu(normedConvolution(image, w.at(0), { stride: 2, padding: 1 }));
  return normedConvolution(half, w.at(2), { stride: 2, padding: 1 });
}

/** The last block of each stage. The next one halves the map. */
export function stageEnds({ blocks }: ImageEncoderConfig): number[] {
  return blocks.flatMap((_, index) => (blocks[index + 1]?.stride === 1 ? [] : [index]));
}

/** The last stage enlarged to the size of the one before, and both summed: `[1, h, w, 256]`. */
export function fuseStages(
  fine: Tensor, // [1, h, w, channels]
  coarse: Tensor, // [1, h / 2, w / 2, more channels]
  w: Weights,
): Tensor {
  return add(
    conv2d(fine, w.at('fuse_stage2')),
    enlarge(conv2d(coarse, w.at('fuse_stage3.op_list.0'))),
  );
}

/** Twice as large. */
export function enlarge(x: Tensor): Tensor {
  const [, height, width] = x.shape as [number, number, number, number];
  return resize(x, [2 * height, 2 * width], 'bicubic');
}
