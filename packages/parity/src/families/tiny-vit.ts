/** MobileSAM's TinyViT: its sizes in a case, and its stages. */
import type { Tensor, Weights } from '@samgpu/graph';
import {
  attentionBlock,
  convolutionBlock,
  embedPatches,
  encodeLayers,
  tinyVit,
  type TinyVitConfig,
  type TinyVitLayer,
  windowAttention,
} from '@samgpu/mobile-sam';
import { neck } from '@samgpu/sam';

import { numbersAt } from '../core/description.ts';
import { UnsupportedCaseError } from '../core/result.ts';
import type { Stage } from '../network/network.ts';
import { type Config, expectSettings } from './settings.ts';

/** What cases leave out, which layers halve the map, is as published. */
export function tinyVitConfig(config: Config): TinyVitConfig {
  expectSettings(config, {
    mlp_ratio: 4,
    mbconv_expand_ratio: 4,
    local_conv_size: 3,
    linear_layer_norm_eps: 1e-5,
    batch_norm_eps: 1e-5,
  });
  const [widths, depths, heads, windows] = (
    ['embed_dims', 'depths', 'num_heads', 'window_sizes'] as const
  ).map((name) => numbersAt(config, name)) as [
    readonly number[],
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  const counts = [depths, heads, windows].map(({ length }) => length);
  if (counts.some((count) => count !== widths.length) || widths.length !== tinyVit.layers.length) {
    throw new UnsupportedCaseError(
      `config lists sizes of ${widths.length}, ${counts.join(', ')} layers; only ` +
        `${tinyVit.layers.length} are implemented`,
    );
  }
  return {
    // The first layer is one of convolutions.
    layers: widths.map((width, index): TinyVitLayer => ({
      width,
      depth: depths[index]!,
      ...(index > 0 && { attention: { heads: heads[index]!, window: windows[index]! } }),
    })),
    halvingLayers: tinyVit.halvingLayers,
  };
}

/** @param w - the place of the image encoder */
export function tinyVitStages(
  image: Tensor,
  w: Weights,
  encoder: TinyVitConfig,
): Record<string, Stage> {
  const patches = embedPatches(image, w.at('patch_embed'));
  const stages: Record<string, Stage> = { patch_embed: { map: patches, layout: 'planes' } };
  const layers = encodeLayers(image, w, encoder);
  let x = patches;
  for (const [index, { depth, attention }] of encoder.layers.entries()) {
    for (let i = 0; i < depth; i++) {
      const name = `layers.${index}.blocks.${i}`;
      const block = w.at(name);
      if (attention === undefined) {
        x = convolutionBlock(x, block);
        stages[name] = { map: x, layout: 'planes' };
      } else {
        const attended = windowAttention(x, block.at('attn'), attention);
        stages[`${name}.attn`] = { map: attended, layout: attention.window };
        x = attentionBlock(x, block, attention);
        stages[name] = { map: x, layout: 'rows' };
      }
    }
    // The last layer has no step to another one, the others end with it.
    x = layers[index]!;
    stages[`layers.${index}.downsample`] = { map: x, layout: 'rows' };
    stages[`layers.${index}`] = { map: x, layout: 'rows' };
  }
  return { ...stages, neck: { map: neck(x, w.at('neck')), layout: 'planes' } };
}
