/** What SAM's image encoder consists of. */
import { gridAttention, layerNorm, trace } from '@samgpu/graph';
import {
  attentionShapes,
  blockShapes,
  relativeAttention,
  relativeTable,
  transformerBlock,
  WINDOW,
} from '@samgpu/sam';

import type { Family } from '../core/family.ts';
import {
  checkModules,
  matches,
  type ModuleCheck,
  type ModuleFacts,
  moduleFacts,
  type ModuleRun,
  numbersIn,
  type Shape4,
} from './module-run.ts';

const NORM = { epsilon: 1e-6 };

/** Attention, and blocks with it, of `modules_sam`. */
export function vitModules({ inputs }: ModuleFacts): ModuleCheck[] {
  const operands = matches(inputs, /^rel_pos_attention\.(.+)\.q$/);
  const tables = matches(inputs, /^rel_pos_attention\.(.+)\.rel_pos_h$/);
  return [
    ...tables.map((name) => {
      // Tables of another size go with the operands whose name theirs begins with.
      const own = operands.find((other) => other === name);
      return relativePositions(name, own ?? operands.find((other) => name.startsWith(other))!);
    }),
    ...matches(inputs, /^attention\.(.+)\.x$/).map((name) => attention(`attention.${name}`)),
    ...matches(inputs, /^window_block\.(.+)\.x$/).map((name) => block(`window_block.${name}`)),
  ];
}

/** Attention with relative positions on given queries, keys and values; heads are the batch. */
function relativePositions(tables: string, size: string): ModuleCheck {
  const name = `rel_pos_attention.${tables}`;
  const operands = `rel_pos_attention.${size}`;
  return {
    name,
    async check(run) {
      const grid = numbersIn(size, /_(\d+)x(\d+)/, operands) as [number, number];
      const inputs = {
        query: run.input(`${operands}.q`),
        key: run.input(`${operands}.k`),
        value: run.input(`${operands}.v`),
        rows: run.input(`${name}.rel_pos_h`),
        columns: run.input(`${name}.rel_pos_w`),
      };
      const graph = trace(name, inputs, new Map(), ({ query, key, value, rows, columns }) => ({
        out: gridAttention(query, key, value, {
          heads: 1,
          grid,
          relative: {
            rows: relativeTable(rows, 2 * grid[0] - 1),
            columns: relativeTable(columns, 2 * grid[1] - 1),
          },
        }),
      }));
      const { out } = await run.run(graph, inputs, run.weights(new Map()));
      await run.compare(`${name}.out`, out!.data);
    },
  };
}

/** Names end in the width of a head, as `d64`. */
function headsOf(name: string, channels: number): number {
  const [width] = numbersIn(name, /\.d(\d+)$/, name);
  return channels / width!;
}

function attention(name: string): ModuleCheck {
  return {
    name,
    async check(run) {
      const x = run.input(`${name}.x`);
      const [, height, width, channels] = x.shape as Shape4;
      const heads = headsOf(name, channels);
      const sizes = { width: channels, heads, window: [height, width] as const };
      const weights = run.weights(attentionShapes(sizes, name));
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => ({
        out: relativeAttention(x, w.at(name), heads, undefined),
      }));
      const { out } = await run.run(graph, { x }, weights);
      await run.compare(`${name}.out`, out!.data);
    },
  };
}

function block(name: string): ModuleCheck {
  return {
    name,
    async check(run) {
      const [, , , channels] = run.input(`${name}.x`).shape as Shape4;
      const heads = headsOf(name, channels);
      await checkBlock(
        run,
        `${name}.x`,
        name,
        { heads, window: WINDOW },
        {
          normed: { name: `${name}.attn_in`, inWindows: true },
          attended: `${name}.attn_out`,
          out: `${name}.out`,
        },
      );
    },
  };
}

interface BlockNames {
  readonly normed: { readonly name: string; readonly inWindows: boolean };
  readonly attended: string;
  readonly out: string;
}

/** @param path - of the block's weights */
async function checkBlock(
  run: ModuleRun,
  input: string,
  path: string,
  { heads, window }: { readonly heads: number; readonly window: number | undefined },
  names: BlockNames,
): Promise<void> {
  const x = run.input(input);
  const [, height, , channels] = x.shape as Shape4;
  const reach = window ?? height;
  const weights = run.weights(
    blockShapes({ width: channels, heads, window: [reach, reach] }, path),
  );
  const graph = trace(path, { x }, weights.tensors, ({ x }, w) => {
    const place = w.at(path);
    const normed = layerNorm(x, place.at('norm1'), NORM);
    return {
      normed,
      attended: relativeAttention(normed, place.at('attn'), heads, window),
      out: transformerBlock(x, place, heads, window),
    };
  });
  const { normed, attended, out } = await run.run(graph, { x }, weights);
  if (names.normed.inWindows) {
    await run.compareWindows(names.normed.name, normed!, reach);
  } else {
    await run.compare(names.normed.name, normed!.data);
  }
  await run.compareWindows(names.attended, attended!, reach);
  await run.compare(names.out, out!.data);
}

/** Blocks in the size of ViT-H: `modules` lists them with the head width and how far they attend. */
export const vitBlocks: Family = {
  name: 'blocks of ViT-H',
  matches: ({ variant }) => variant === 'sam_vit_h_blocks',
  check(folder) {
    const facts = moduleFacts(folder);
    const blocks = matches(facts.modules, /^block(\d+)$/);
    return checkModules(
      folder,
      blocks.map((index): ModuleCheck => {
        const name = `block${index}`;
        const window = /window (\d+)/.exec(facts.textOf(name))?.[1];
        return {
          name,
          isLarge: true,
          check: (run) =>
            checkBlock(
              run,
              'vit_h.x',
              `image_encoder.blocks.${index}`,
              { heads: 16, window: window === undefined ? undefined : Number(window) },
              {
                normed: { name: `${name}.norm1`, inWindows: false },
                attended: `${name}.attn`,
                out: `${name}.out`,
              },
            ),
        };
      }),
    );
  },
};
