import { add, layerNorm, type Weights } from '@samgpu/graph';
import { attend, attendToImage, attendToTokens, type TwoWayState } from '@samgpu/sam';

import { perceptron } from './perceptron.ts';

/**
 * A layer of EfficientSAM's two-way transformer (`TwoWayAttentionBlock` of two_way_transformer.py).
 *
 * It differs from SAM's: tokens are kept beside what they take from each other in the first layer,
 * too, and after it their code is added to themselves, so that it is also part of the values and of
 * what is kept.
 */
export function twoWayLayer(
  state: TwoWayState,
  w: Weights,
  heads: number,
  first: boolean,
): TwoWayState {
  let { tokens, image } = state;
  tokens = first ? tokens : add(tokens, state.tokenCode);
  const own = attend(tokens, tokens, tokens, w.at('self_attn'), heads, state.keyBias);
  tokens = layerNorm(add(tokens, own), w.at('norm1'));

  const fromImage = attendToImage({ ...state, tokens }, w.at('cross_attn_token_to_image'), heads);
  tokens = layerNorm(add(tokens, fromImage), w.at('norm2'));

  tokens = layerNorm(add(tokens, perceptron(tokens, w.at('mlp'), 1)), w.at('norm3'));

  const fromTokens = attendToTokens({ ...state, tokens }, w.at('cross_attn_image_to_token'), heads);
  image = layerNorm(add(image, fromTokens), w.at('norm4'));
  return { ...state, tokens, image };
}
