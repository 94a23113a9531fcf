import { gridAttention, layerNorm, trace } from '@samgpu/graph';

import { relativeAttention, relativeTable, transformerBlock, WINDOW } from '../image-encoder.ts';
import { attentionShapes, blockShapes, type BlockSizes } from '../weight-shapes.ts';
import { expectGolden, expectGoldenWindows, formulaInput, openFixture } from './golden.ts';
import { toWindows } from './layout.ts';
import type { ModuleCase } from './module-case.ts';

const modules = await openFixture('modules_sam');
const blocks = await openFixture('sam_vit_h_blocks');
const noWeights = modules.weights(new Map());

type Shape4 = readonly [number, number, number, number];

/** Attention with relative positions on given queries, keys and values; heads are the batch. */
function relativePositions(
  size: string,
  grid: readonly [number, number],
  tables = size,
): ModuleCase {
  const name = `rel_pos_attention.${tables}`;
  const operands = `rel_pos_attention.${size}`;
  return {
    name,
    async check(run) {
      const inputs = {
        query: formulaInput(modules, `${operands}.q`),
        key: formulaInput(modules, `${operands}.k`),
        value: formulaInput(modules, `${operands}.v`),
        rows: formulaInput(modules, `${name}.rel_pos_h`),
        columns: formulaInput(modules, `${name}.rel_pos_w`),
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
      const { out } = await run(graph, inputs, noWeights);
      await expectGolden(modules, `${name}.out`, out!.data);
    },
  };
}

function attentionModule(name: string): ModuleCase {
  return {
    name,
    async check(run) {
      const x = formulaInput(modules, `${name}.x`);
      const [, height, width, channels] = x.shape as Shape4;
      const sizes: BlockSizes = { width: channels, heads: 2, window: [height, width] };
      const weights = modules.weights(attentionShapes(sizes, name));
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => ({
        out: relativeAttention(x, w.at(name), 2, undefined),
      }));
      const { out } = await run(graph, { x }, weights);
      await expectGolden(modules, `${name}.out`, out!.data);
    },
  };
}

function windowBlock(name: string): ModuleCase {
  return {
    name,
    async check(run) {
      const x = formulaInput(modules, `${name}.x`);
      const shape = x.shape as Shape4;
      const sizes: BlockSizes = { width: shape[3], heads: 2, window: [WINDOW, WINDOW] };
      const weights = modules.weights(blockShapes(sizes, name));
      const graph = trace(name, { x }, weights.tensors, ({ x }, w) => {
        const normed = layerNorm(x, w.at(`${name}.norm1`), { epsilon: 1e-6 });
        return {
          normed,
          attended: relativeAttention(normed, w.at(`${name}.attn`), 2, WINDOW),
          out: transformerBlock(x, w.at(name), 2, WINDOW),
        };
      });
      const { normed, attended, out } = await run(graph, { x }, weights);
      const windows = (data: ArrayLike<number>) => toWindows(data, shape, WINDOW);
      await expectGoldenWindows(modules, `${name}.attn_in`, windows(normed!.data));
      await expectGoldenWindows(modules, `${name}.attn_out`, windows(attended!.data));
      await expectGolden(modules, `${name}.out`, out!.data);
    },
  };
}

/** A block in the size of ViT-H. */
function largestBlock(index: number, window: number | undefined): ModuleCase {
  const path = `image_encoder.blocks.${index}`;
  const heads = 16;
  return {
    name: `ViT-H ${path}`,
    isLarge: true,
    async check(run) {
      const x = formulaInput(blocks, 'vit_h.x');
      const shape = x.shape as Shape4;
      const reach = window ?? shape[1];
      const sizes: BlockSizes = { width: shape[3], heads, window: [reach, reach] };
      const weights = blocks.weights(blockShapes(sizes, path));
      const graph = trace(path, { x }, weights.tensors, ({ x }, w) => {
        const normed = layerNorm(x, w.at(`${path}.norm1`), { epsilon: 1e-6 });
        return {
          normed,
          attended: relativeAttention(normed, w.at(`${path}.attn`), heads, window),
          out: transformerBlock(x, w.at(path), heads, window),
        };
      });
      const { normed, attended, out } = await run(graph, { x }, weights);
      await expectGolden(blocks, `block${index}.norm1`, normed!.data);
      await expectGoldenWindows(
        blocks,
        `block${index}.attn`,
        toWindows(attended!.data, shape, reach),
      );
      await expectGolden(blocks, `block${index}.out`, out!.data);
    },
  };
}

/** What the image encoder consists of. */
export const attentionCases: readonly ModuleCase[] = [
  relativePositions('d64_16x16', [16, 16]),
  relativePositions('d64_14x14', [14, 14]),
  relativePositions('d64_12x20', [12, 20]),
  relativePositions('d80_16x16', [16, 16]),
  relativePositions('d80_14x14', [14, 14]),
  relativePositions('d80_12x20', [12, 20]),
  relativePositions('d64_16x16', [16, 16], 'd64_16x16_from_27_rows'),
  attentionModule('attention.d64'),
  attentionModule('attention.d80'),
  windowBlock('window_block.d64'),
  windowBlock('window_block.d80'),
  largestBlock(0, WINDOW),
  largestBlock(7, undefined),
];
