/** What TinyViT consists of, one by one. */
import { gridAttention, reshape, type Tensor, trace, transpose, type Weights } from '@samgpu/graph';
import {
  attentionBlock,
  convolutionBlock,
  distanceBias,
  embedPatches,
  imageEncoderShapes,
  mergePatches,
  tinyVit,
  windowAttention,
} from '@samgpu/mobile-sam';

import type { Family } from '../core/family.ts';
import { UnsupportedCaseError } from '../core/result.ts';
import {
  checkModules,
  matches,
  type ModuleCheck,
  moduleFacts,
  type ModuleFacts,
  numbersIn,
  type Shape4,
} from './module-run.ts';

const shapes = imageEncoderShapes(tinyVit);

export const tinyVitModules: Family = {
  name: 'modules of TinyViT',
  matches: ({ variant }) => variant === 'modules_tinyvit',
  check(folder) {
    const facts = moduleFacts(folder);
    const { inputs, modules } = facts;
    const windows = (pattern: RegExp): number[] => matches(inputs, pattern).map(Number);
    return checkModules(folder, [
      ...modules.flatMap((name) => convolutions[name] ?? []),
      ...modules.filter((name) => name === 'patch_merging.stride1').map(() => mergeInPlace(facts)),
      ...windows(/^attention\.window(\d+)\.x$/).map(fullWindows),
      ...windows(/^bias_attention\.window(\d+)\.q$/).map(biasedAttention),
      ...windows(/^block\.window(\d+)\.x$/).map((window) => block(window, facts)),
    ]);
  },
};

/** The first block with windows of this side. */
function attentionOf(window: number): { path: string; heads: number; window: number } {
  const layer = tinyVit.layers.findIndex(({ attention }) => attention?.window === window);
  const attention = tinyVit.layers[layer]?.attention;
  if (attention === undefined) {
    throw new UnsupportedCaseError(`no layer of TinyViT has windows of ${window}`);
  }
  return { path: `image_encoder.layers.${layer}.blocks.0`, ...attention };
}

/** Windows that are full, and the bias of every pair of their positions. */
function fullWindows(window: number): ModuleCheck {
  const name = `attention.window${window}`;
  return {
    name,
    async check(run) {
      const { path, heads } = attentionOf(window);
      const weights = run.weights(shapes);
      const x = run.input(`${name}.x`); // [windows, positions, channels]
      const [windows, , channels] = x.shape as [number, number, number];
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => {
        const place = w.at(`${path}.attn`);
        const maps = reshape(x, [windows, window, window, channels]);
        return {
          bias_table: distanceBias(place, window),
          out: windowAttention(maps, place, { heads, window }),
        };
      });
      const outputs = await run.run(graph, { x }, weights);
      for (const [output, { data }] of Object.entries(outputs)) {
        await run.compare(`${name}.${output}`, data);
      }
    },
  };
}

/** Attention with that bias on given queries, keys and values. */
function biasedAttention(window: number): ModuleCheck {
  const name = `bias_attention.window${window}`;
  return {
    name,
    async check(run) {
      const { path } = attentionOf(window);
      const weights = run.weights(shapes);
      const inputs = {
        query: run.input(`${name}.q`), // [windows, heads, positions, d]
        key: run.input(`${name}.k`),
        value: run.input(`${name}.v`),
      };
      const [windows, heads, positions, d] = inputs.query.shape as Shape4;
      const sideBySide = (x: Tensor): Tensor =>
        reshape(transpose(x, [0, 2, 1, 3]), [windows, positions, heads * d]);
      const graph = trace(name, inputs, weights.tensors, ({ query, key, value }, w) => {
        const mixed = gridAttention(sideBySide(query), sideBySide(key), sideBySide(value), {
          heads,
          grid: [window, window],
          bias: distanceBias(w.at(`${path}.attn`), window),
        });
        return { out: transpose(reshape(mixed, [windows, positions, heads, d]), [0, 2, 1, 3]) };
      });
      const { out } = await run.run(graph, inputs, weights);
      await run.compare(`${name}.out`, out!.data);
    },
  };
}

/** A whole block on a map that does not divide into windows. */
function block(window: number, { textOf }: ModuleFacts): ModuleCheck {
  const name = `block.window${window}`;
  return {
    name,
    async check(run) {
      const { path, heads } = attentionOf(window);
      const weights = run.weights(shapes);
      const x = run.input(`${name}.x`); // [1, height * width, channels]
      const [height, width] = mapSize(textOf(name), name);
      const map: Shape4 = [1, height, width, x.shape[2]!];
      const graph = trace(name, { x: { shape: map } }, weights.tensors, ({ x }, w) => {
        const place = w.at(path);
        return {
          attended: windowAttention(x, place.at('attn'), { heads, window }),
          out: attentionBlock(x, place, { heads, window }),
        };
      });
      const { attended, out } = await run.run(graph, { x: { ...x, shape: map } }, weights);
      await run.compareWindows(`${name}.attn_out`, attended!, window);
      await run.compare(`${name}.out`, out!.data);
    },
  };
}

function mapSize(text: string, name: string): [height: number, width: number] {
  return numbersIn(text, /(\d+)x(\d+) map/, name) as [number, number];
}

/** Convolutions with their batch norms, on a map whose channels come first in the case. */
function convolution(
  name: string,
  record: (x: Tensor, w: Weights) => Tensor,
  { input = `${name}.x`, isRows = false }: { input?: string; isRows?: boolean } = {},
): ModuleCheck {
  return {
    name,
    async check(run) {
      const weights = run.weights(shapes);
      const x = run.map(input);
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => ({
        out: record(x, w.at('image_encoder')),
      }));
      const { out } = await run.run(graph, { x }, weights);
      if (isRows) {
        await run.compare(`${name}.out`, out!.data);
      } else {
        await run.comparePlanes(`${name}.out`, out!);
      }
    },
  };
}

const convolutions: Readonly<Record<string, ModuleCheck>> = {
  patch_embed: convolution('patch_embed', (x, w) => embedPatches(x, w.at('patch_embed'))),
  mbconv: convolution('mbconv', (x, w) => convolutionBlock(x, w.at('layers.0.blocks.0'))),
  'patch_merging.stride2': convolution(
    'patch_merging.stride2',
    (x, w) => mergePatches(x, w.at('layers.0.downsample'), 2),
    { input: 'mbconv.x', isRows: true },
  ),
};

function mergeInPlace({ textOf }: ModuleFacts): ModuleCheck {
  const name = 'patch_merging.stride1';
  return {
    name,
    async check(run) {
      const weights = run.weights(shapes);
      const { data, shape } = run.input(`${name}.x`); // [1, height * width, channels]
      const x = { shape: [1, ...mapSize(textOf(name), name), shape[2]!], data };
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => ({
        out: mergePatches(x, w.at('image_encoder.layers.2.downsample'), 1),
      }));
      const { out } = await run.run(graph, { x }, weights);
      await run.compare(`${name}.out`, out!.data);
    },
  };
}
