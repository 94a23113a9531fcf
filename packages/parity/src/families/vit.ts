/** SAM's ViT: its sizes in a case, and its stages. */
import { conv2d, layerNorm, type Tensor, type Weights } from '@samgpu/graph';
import {
  embedPatches,
  encodeBlocks,
  type ImageEncoderConfig,
  neck,
  relativeAttention,
  WINDOW,
} from '@samgpu/sam';

import { numberAt, numbersAt } from '../core/description.ts';
import type { Stage } from '../network/network.ts';
import { type Config, expectSettings } from './settings.ts';

const NORM = { epsilon: 1e-6 };

export function vitConfig(config: Config): ImageEncoderConfig {
  expectSettings(config, {
    patch_size: 16,
    mlp_ratio: 4,
    use_rel_pos: true,
    qkv_bias: true,
    layer_norm_eps: NORM.epsilon,
    out_chans: 256,
  });
  return {
    width: numberAt(config, 'embed_dim'),
    depth: numberAt(config, 'depth'),
    heads: numberAt(config, 'num_heads'),
    globalBlocks: numbersAt(config, 'global_attn_indexes'),
    ...(config['window_size'] !== undefined && { window: numberAt(config, 'window_size') }),
  };
}

/** @param w - the place of the image encoder */
export function vitStages(
  image: Tensor,
  w: Weights,
  encoder: ImageEncoderConfig,
): Record<string, Stage> {
  const blocks = encodeBlocks(image, w, encoder);
  const inputs = [embedPatches(image, w), ...blocks];
  const stages: Record<string, Stage> = { patch_embed_pos: { map: inputs[0]!, layout: 'rows' } };
  blocks.forEach((map, index) => {
    const place = w.at(`blocks.${index}`);
    const normed = layerNorm(inputs[index]!, place.at('norm1'), NORM);
    const window = encoder.globalBlocks.includes(index) ? undefined : (encoder.window ?? WINDOW);
    stages[`block${index}.attn`] = {
      map: relativeAttention(normed, place.at('attn'), encoder.heads, window),
      layout: window ?? 'rows',
    };
    stages[`block${index}`] = { map, layout: 'rows' };
  });
  const last = blocks.at(-1)!;
  // The neck is a convolutional network, with channels first.
  const narrowed = conv2d(last, w.at('neck.0'));
  stages['neck.0'] = { map: narrowed, layout: 'planes' };
  stages['neck.1'] = { map: layerNorm(narrowed, w.at('neck.1'), NORM), layout: 'planes' };
  stages['neck'] = { map: neck(last, w.at('neck')), layout: 'planes' };
  return stages;
}
