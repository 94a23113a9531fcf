import { add, conv2d, reshape, resize, type Tensor, type Weights } from '@samgpu/graph';

import type { HieraConfig } from './config.ts';
import { encodeBlocks } from './hiera.ts';
import { hieraBlocks } from './hiera-blocks.ts';

/** What the encoder knows of an image. */
export interface ImageFeatures {
  /** `[1, size / 16, size / 16, 256]` */
  readonly embedding: Tensor;
  /** Details for the mask decoder, `[1, size / 8, size / 8, 64]`. */
  readonly eighths: Tensor;
  /** `[1, size / 4, size / 4, 32]` */
  readonly quarters: Tensor;
}

/**
 * SAM 2's image encoder: a Hiera trunk, a feature pyramid, and the convolutions by which the mask
 * decoder takes its two large maps (`forward_image` of sam2_base.py).
 *
 * @param image - `[1, size, size, 3]`, normalised
 * @param w - the checkpoint
 */
export function encodeImage(image: Tensor, w: Weights, config: HieraConfig): ImageFeatures {
  const blocks = encodeBlocks(image, w.at('image_encoder.trunk'), config);
  return featuresFrom(pyramid(stageMaps(blocks, config), w.at('image_encoder.neck')), w);
}

/** What the last block of each stage gives, from the largest map to the smallest. */
export function stageMaps(blocks: readonly Tensor[], config: HieraConfig): Tensor[] {
  const sizes = hieraBlocks(config);
  return blocks.filter((_, index) => sizes[index]!.endsStage);
}

/**
 * @param levels - of the pyramid
 * @param w - the checkpoint
 */
export function featuresFrom(levels: readonly Tensor[], w: Weights): ImageFeatures {
  const [quarters, eighths, embedding] = levels as [Tensor, Tensor, Tensor];
  const decoder = w.at('sam_mask_decoder');
  return {
    embedding,
    eighths: conv2d(eighths, decoder.at('conv_s1')),
    quarters: conv2d(quarters, decoder.at('conv_s0')),
  };
}

/**
 * The maps of all stages brought to 256 channels (`FpnNeck` of image_encoder.py). The third takes
 * the fourth in; the large ones stay by themselves.
 *
 * @param stages - from the largest map to the smallest
 * @param w - the place of the neck: `convs.0` belongs to the smallest map
 */
export function pyramid(stages: readonly Tensor[], w: Weights): Tensor[] {
  const lateral = stages.map((stage, index) =>
    conv2d(stage, w.at(`convs.${stages.length - 1 - index}.conv`)),
  );
  const [quarters, eighths, sixteenths, smallest] = lateral as [Tensor, Tensor, Tensor, Tensor];
  const [, height, width] = sixteenths.shape as [number, number, number, number];
  const enlarged = resize(smallest, [height, width], 'nearest');
  return [quarters, eighths, add(sixteenths, enlarged), smallest];
}

/** The embedding of an image that stands for itself, with no memory of another. */
export function withoutMemory(embedding: Tensor, w: Weights): Tensor {
  return add(embedding, reshape(w.tensor('no_mem_embed'), [1, 1, 1, -1]));
}
