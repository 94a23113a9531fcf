import { add, convTranspose2d, gelu, layerNorm, type Tensor, type Weights } from '@samgpu/graph';

import type { EncodedImage } from './image-encoder.ts';

/**
 * The features that the mask of high quality is cut out of: those of the embedding and of the early
 * map, upscaled and added (`hq_features` of mask_decoder_hq.py).
 *
 * They depend on the image alone. The official decoder computes them at every prompt; record them
 * with the encoder, and a prompt costs little more than one of SAM.
 *
 * @param w - the place of the mask decoder
 * @returns `[1, size / 4, size / 4, 32]`
 */
export function fuseDetails({ embedding, early }: EncodedImage, w: Weights): Tensor {
  return add(
    enlarge(embedding, w.at('embedding_encoder')),
    enlarge(early, w.at('compress_vit_feat')),
  );
}

/** `[1, h, w, c]` to `[1, 4 h, 4 w, 32]`. Unlike SAM's upscaling it ends without activation. */
function enlarge(map: Tensor, w: Weights): Tensor {
  const half = convTranspose2d(map, w.at('0'), { stride: 2 });
  const x = gelu(layerNorm(half, w.at('1'), { epsilon: 1e-6 }));
  return convTranspose2d(x, w.at('3'), { stride: 2 });
}
