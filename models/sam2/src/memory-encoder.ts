import {
  add,
  bfloat16,
  conv2d,
  gelu,
  greater,
  layerNorm,
  linear,
  mul,
  reshape,
  resize,
  sigmoid,
  sub,
  type Tensor,
  type Weights,
} from '@samgpu/graph';

import { EMBEDDING, type MemoryConfig, STRIDE } from './config.ts';
import { whereRow } from './choose-mask.ts';

const NORM = { epsilon: 1e-6 };
/** Halvings from a mask of the input's size to the embedding's, where convolutions stand. */
const HALVINGS = [0, 3, 6, 9];

/** Masks to be remembered. */
export interface RememberedMasks {
  /** Logits, `[objects, height, width]` with four cells for each of the embedding along a side. */
  readonly logits: Tensor;
  /** 1 where a user drew or clicked the mask, which is then taken as it is seen, `[objects]`. */
  readonly isGiven: Tensor;
  /** Above 0 where the object is there, `[objects]`. */
  readonly objectScore: Tensor;
}

/**
 * What is remembered of a frame and the masks on it (`_encode_new_memory` of sam2_base.py), rounded
 * to bfloat16 as the official predictor keeps it.
 *
 * @param embedding - of the frame, without memory, `[1, height, width, 256]`
 * @param w - the checkpoint
 * @returns `[objects, height * width, 64]`
 */
export function remember(
  embedding: Tensor,
  { logits, isGiven, objectScore }: RememberedMasks,
  w: Weights,
  config: MemoryConfig,
): Tensor {
  const [, height, width] = embedding.shape as [number, number, number];
  const [objects, rows, columns] = logits.shape as [number, number, number];
  const large = resize(
    reshape(logits, [objects, rows, columns, 1]),
    [STRIDE * height, STRIDE * width],
    'bilinear',
  );
  const share = whereRow(isGiven, greater(large, 0), sigmoid(large));
  const masks = sub(mul(share, 20), 10);
  const memory = encodeMemory(embedding, masks, w.at('memory_encoder'), config); // [objects, h, w, 64]
  const marked = config.marksAbsence
    ? add(memory, whereRow(greater(objectScore, 0), 0, absence(w)))
    : memory;
  return bfloat16(reshape(marked, [objects, height * width, config.width]));
}

function absence(w: Weights): Tensor {
  return reshape(w.tensor('no_obj_embed_spatial'), [1, 1, 1, -1]);
}

/**
 * The memory encoder (sam2/modeling/memory_encoder.py).
 *
 * @param embedding - `[1 or objects, height, width, 256]`
 * @param masks - `[objects, 16 height, 16 width, 1]`, -10 to 10
 * @param w - the place `memory_encoder`
 * @returns `[objects, height, width, 64]`
 */
export function encodeMemory(
  embedding: Tensor,
  masks: Tensor,
  w: Weights,
  { fuserBlocks }: Pick<MemoryConfig, 'fuserBlocks'>,
): Tensor {
  const features = conv2d(embedding, w.at('pix_feat_proj'));
  let x = add(downsampleMasks(masks, w.at('mask_downsampler.encoder')), features);
  for (let i = 0; i < fuserBlocks; i++) {
    x = fuse(x, w.at(`fuser.layers.${i}`));
  }
  return conv2d(x, w.at('out_proj'));
}

/** `[objects, 16 height, 16 width, 1]` to `[objects, height, width, 256]`. */
export function downsampleMasks(masks: Tensor, w: Weights): Tensor {
  let x = masks;
  for (const index of HALVINGS) {
    const halved = conv2d(x, w.at(index), { stride: 2, padding: 1 });
    x = gelu(layerNorm(halved, w.at(index + 1), NORM));
  }
  return conv2d(x, w.at(12));
}

/** A block of a ConvNeXt (`CXBlock`). */
function fuse(x: Tensor, w: Weights): Tensor {
  const mixed = conv2d(x, w.at('dwconv'), { padding: 3, groups: EMBEDDING });
  const hidden = gelu(linear(layerNorm(mixed, w.at('norm'), NORM), w.at('pwconv1')));
  return add(x, mul(linear(hidden, w.at('pwconv2')), w.tensor('gamma')));
}
