/** What TinyViT consists of, one by one, against outputs of the official code. */
import { gridAttention, reshape, type Tensor, trace, transpose, type Weights } from '@samgpu/graph';
import { openParityCase } from '@samgpu/testing';

import {
  expectGolden,
  expectGoldenWindows,
  formulaInput,
  formulaMap,
} from '../../../sam/src/parity/golden.ts';
import { channelsFirst, toWindows } from '../../../sam/src/parity/layout.ts';
import type { ModuleCase } from '../../../sam/src/parity/module-case.ts';
import { attentionBlock, distanceBias, windowAttention } from '../attention-block.ts';
import { tinyVit } from '../config.ts';
import { convolutionBlock, embedPatches, mergePatches } from '../convolution-blocks.ts';
import { imageEncoderShapes } from '../weight-shapes.ts';
import { fixture } from './fixture.ts';

const modules = await openParityCase(fixture('modules_tinyvit'));
const weights = modules.weights(imageEncoderShapes(tinyVit));

type Shape4 = readonly [number, number, number, number];

/** The attention of the first block of a layer. */
interface Sizes {
  readonly layer: number;
  readonly heads: number;
  readonly window: number;
}

const small: Sizes = { layer: 1, heads: 4, window: 7 };
const large: Sizes = { layer: 2, heads: 5, window: 14 };

/** Windows that are full, and the bias of every pair of their positions. */
function fullWindows({ layer, heads, window }: Sizes): ModuleCase {
  const name = `attention.window${window}`;
  return {
    name,
    async check(run) {
      const x = formulaInput(modules, `${name}.x`); // [windows, positions, channels]
      const [windows, , channels] = x.shape as [number, number, number];
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => {
        const place = w.at(`image_encoder.layers.${layer}.blocks.0.attn`);
        const maps = reshape(x, [windows, window, window, channels]);
        return {
          bias_table: distanceBias(place, window),
          out: windowAttention(maps, place, { heads, window }),
        };
      });
      const outputs = await run(graph, { x }, weights);
      for (const [output, { data }] of Object.entries(outputs)) {
        await expectGolden(modules, `${name}.${output}`, data);
      }
    },
  };
}

/** Attention with that bias on given queries, keys and values. */
function biasedAttention({ layer, heads, window }: Sizes): ModuleCase {
  const name = `bias_attention.window${window}`;
  return {
    name,
    async check(run) {
      const inputs = {
        query: formulaInput(modules, `${name}.q`), // [windows, heads, positions, d]
        key: formulaInput(modules, `${name}.k`),
        value: formulaInput(modules, `${name}.v`),
      };
      const [windows, , positions, d] = inputs.query.shape as Shape4;
      const sideBySide = (x: Tensor): Tensor =>
        reshape(transpose(x, [0, 2, 1, 3]), [windows, positions, heads * d]);
      const graph = trace(name, inputs, weights.tensors, ({ query, key, value }, w) => {
        const mixed = gridAttention(sideBySide(query), sideBySide(key), sideBySide(value), {
          heads,
          grid: [window, window],
          bias: distanceBias(w.at(`image_encoder.layers.${layer}.blocks.0.attn`), window),
        });
        return { out: transpose(reshape(mixed, [windows, positions, heads, d]), [0, 2, 1, 3]) };
      });
      const { out } = await run(graph, inputs, weights);
      await expectGolden(modules, `${name}.out`, out!.data);
    },
  };
}

/** A whole block on a map that does not divide into windows. */
function block(
  { layer, heads, window }: Sizes,
  [height, width]: readonly [number, number],
): ModuleCase {
  const name = `block.window${window}`;
  return {
    name,
    async check(run) {
      const x = formulaInput(modules, `${name}.x`); // [1, height * width, channels]
      const map: Shape4 = [1, height, width, x.shape[2]!];
      const graph = trace(name, { x: { shape: map } }, weights.tensors, ({ x }, w) => {
        const place = w.at(`image_encoder.layers.${layer}.blocks.0`);
        return {
          attended: windowAttention(x, place.at('attn'), { heads, window }),
          out: attentionBlock(x, place, { heads, window }),
        };
      });
      const { attended, out } = await run(graph, { x: { ...x, shape: map } }, weights);
      const windows = toWindows(attended!.data, map, window);
      await expectGoldenWindows(modules, `${name}.attn_out`, windows);
      await expectGolden(modules, `${name}.out`, out!.data);
    },
  };
}

/** Convolutions with their batch norms, on a map whose channels come first in the case. */
function convolutions(
  name: string,
  record: (x: Tensor, w: Weights) => Tensor,
  {
    input = `${name}.x`,
    isRows = false,
  }: { readonly input?: string; readonly isRows?: boolean } = {},
): ModuleCase {
  return {
    name,
    async check(run) {
      const x = formulaMap(modules, input);
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => ({
        out: record(x, w.at('image_encoder')),
      }));
      const { out } = await run(graph, { x }, weights);
      const official = isRows ? out!.data : channelsFirst(out!.data, out!.shape as Shape4);
      await expectGolden(modules, `${name}.out`, official);
    },
  };
}

const mergingInPlace: ModuleCase = {
  name: 'patch_merging.stride1',
  async check(run) {
    const { data } = formulaInput(modules, 'patch_merging.stride1.x');
    const x = { shape: [1, 13, 17, 160], data };
    const graph = trace('patch_merging.stride1', { x }, weights.tensors, ({ x }, w) => ({
      out: mergePatches(x, w.at('image_encoder.layers.2.downsample'), 1),
    }));
    const { out } = await run(graph, { x }, weights);
    await expectGolden(modules, 'patch_merging.stride1.out', out!.data);
  },
};

export const tinyVitModules: readonly ModuleCase[] = [
  convolutions('patch_embed', (x, w) => embedPatches(x, w.at('patch_embed'))),
  convolutions('mbconv', (x, w) => convolutionBlock(x, w.at('layers.0.blocks.0'))),
  convolutions('patch_merging.stride2', (x, w) => mergePatches(x, w.at('layers.0.downsample'), 2), {
    input: 'mbconv.x',
    isRows: true,
  }),
  mergingInPlace,
  fullWindows(small),
  fullWindows(large),
  biasedAttention(small),
  biasedAttention(large),
  block(small, [12, 20]),
  block(large, [16, 16]),
];
