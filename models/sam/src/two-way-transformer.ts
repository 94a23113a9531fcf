import { add, attention, layerNorm, linear, relu, type Tensor, type Weights } from '@samgpu/graph';

/** Tokens and image, with the codes that are added before attending. */
export interface TwoWayState {
  readonly tokens: Tensor; // [prompts, tokens, 256]
  readonly tokenCode: Tensor; // [prompts, tokens, 256]
  readonly image: Tensor; // [prompts, cells, 256]
  readonly imageCode: Tensor; // [1, cells, 256]
  /** Keeps tokens that only fill up a batch out of every attention, [prompts or 1, tokens]. */
  readonly keyBias?: Tensor | undefined;
}

/** One layer. `first` says whether it is the first, whose tokens bear no code yet. */
export type TwoWayLayer = (
  state: TwoWayState,
  w: Weights,
  heads: number,
  first: boolean,
) => TwoWayState;

/**
 * The two-way transformer (segment_anything/modeling/transformer.py): tokens attend to themselves
 * and to the image, the image attends to tokens.
 *
 * Norms have PyTorch's default epsilon, 1e-5, unlike the rest of the model.
 *
 * @param layer - for relatives of SAM whose layers differ
 */
export function twoWayTransformer(
  start: TwoWayState,
  w: Weights,
  { layers, heads }: { readonly layers: number; readonly heads: number },
  layer: TwoWayLayer = twoWayLayer,
): { tokens: Tensor; image: Tensor } {
  let state = start;
  for (let i = 0; i < layers; i++) {
    state = layer(state, w.at(`layers.${i}`), heads, i === 0);
  }
  const final = attendToImage(state, w.at('final_attn_token_to_image'), heads);
  const tokens = layerNorm(add(state.tokens, final), w.at('norm_final_attn'));
  return { tokens, image: state.image };
}

/** A layer of SAM. */
export const twoWayLayer: TwoWayLayer = twoWayLayerOf(['mlp.lin1', 'mlp.lin2']);

/** The same by the names of its perceptron's layers, which SAM 2 calls otherwise. */
export function twoWayLayerOf(perceptron: readonly [hidden: string, output: string]): TwoWayLayer {
  return (state, w, heads, first) => layer(state, w, heads, first, perceptron);
}

function layer(
  state: TwoWayState,
  w: Weights,
  heads: number,
  first: boolean,
  [hiddenLayer, outputLayer]: readonly [string, string],
): TwoWayState {
  let { tokens, image } = state;
  const { keyBias } = state;
  // The first layer sees bare tokens and replaces them; their code is what they are.
  const query = first ? tokens : add(tokens, state.tokenCode);
  const own = attend(query, query, tokens, w.at('self_attn'), heads, keyBias);
  tokens = layerNorm(first ? own : add(tokens, own), w.at('norm1'));

  const fromImage = attendToImage({ ...state, tokens }, w.at('cross_attn_token_to_image'), heads);
  tokens = layerNorm(add(tokens, fromImage), w.at('norm2'));

  const hidden = relu(linear(tokens, w.at(hiddenLayer)));
  tokens = layerNorm(add(tokens, linear(hidden, w.at(outputLayer))), w.at('norm3'));

  const fromTokens = attendToTokens({ ...state, tokens }, w.at('cross_attn_image_to_token'), heads);
  image = layerNorm(add(image, fromTokens), w.at('norm4'));
  return { ...state, tokens, image };
}

/** What the tokens take from the image, to be added to them: `[prompts, tokens, 256]`. */
export function attendToImage(
  { tokens, tokenCode, image, imageCode }: TwoWayState,
  w: Weights,
  heads: number,
): Tensor {
  return attend(add(tokens, tokenCode), add(image, imageCode), image, w, heads, undefined);
}

/** What the image takes from the tokens, to be added to it: `[prompts, cells, 256]`. */
export function attendToTokens(
  { tokens, tokenCode, image, imageCode, keyBias }: TwoWayState,
  w: Weights,
  heads: number,
): Tensor {
  return attend(add(image, imageCode), add(tokens, tokenCode), tokens, w, heads, keyBias);
}

/** Attention between projections of its operands, projected back. */
export function attend(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  w: Weights,
  heads: number,
  keyBias: Tensor | undefined,
): Tensor {
  const mixed = attention(
    linear(query, w.at('q_proj')),
    linear(key, w.at('k_proj')),
    linear(value, w.at('v_proj')),
    keyBias === undefined ? { heads } : { heads, keyBias },
  );
  return linear(mixed, w.at('out_proj'));
}
