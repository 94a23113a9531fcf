/**
 * The shapes that the models of the family are made of.
 *
 * `reduced` takes fewer rows, heads or cells of the same kind: a software adapter would need
 * minutes for the full ones.
 */
import {
  attention,
  conv2d,
  convTranspose2d,
  gridAttention,
  layerNorm,
  linear,
} from '@samgpu/graph';

import type { Scale } from '../options.ts';
import { attentionFlops, type BenchmarkCase, kernelCase, productFlops } from './benchmark-case.ts';

function linearCase(model: string, rows: number, inner: number, columns: number): BenchmarkCase {
  return kernelCase({
    name: `matmul ${rows}x${inner}x${columns} (${model})`,
    operands: { x: [rows, inner] },
    weights: { 'layer.weight': [columns, inner], 'layer.bias': [columns] },
    flops: productFlops(rows, inner, columns),
    build: ({ x }, w) => linear(x!, w.at('layer')),
  });
}

function relativeCase(
  model: string,
  side: number,
  heads: number,
  d: number,
  window: number | undefined,
): BenchmarkCase {
  const tokens = side * side;
  const tile = window ?? side;
  const tiles = Math.ceil(side / tile) ** 2;
  const positions = tile * tile;
  const kind = window === undefined ? 'attention-global' : 'attention-window';
  const shape = [1, tokens, heads * d];
  return kernelCase({
    name: `${kind} ${side}x${side}, ${heads} heads of ${d} (${model})`,
    operands: { q: shape, k: shape, v: shape },
    weights: {
      rows: [2 * tile - 1, d],
      columns: [2 * tile - 1, d],
      key: [heads * d],
      value: [heads * d],
    },
    flops: attentionFlops([tiles, positions], positions, heads * d),
    build: ({ q, k, v }, w) =>
      gridAttention(q!, k!, v!, {
        heads,
        grid: [side, side],
        window: [tile, tile],
        relative: { rows: w.tensor('rows'), columns: w.tensor('columns') },
        ...(window === undefined
          ? {}
          : { padding: { key: w.tensor('key'), value: w.tensor('value') } }),
      }),
  });
}

function attentionCase(
  model: string,
  [batch, queries, keys]: readonly [number, number, number],
  heads: number,
  width: number,
): BenchmarkCase {
  return kernelCase({
    name: `attention-decoder ${batch}x${queries} to ${keys}, ${heads} heads of ${width / heads} (${model})`,
    operands: {
      q: [batch, queries, width],
      k: [batch, keys, width],
      v: [batch, keys, width],
    },
    flops: attentionFlops([batch, queries], keys, width),
    build: ({ q, k, v }) => attention(q!, k!, v!, { heads }),
  });
}

interface ConvolutionShape {
  readonly side: number;
  readonly channels: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

function convolutionCase(model: string, shape: ConvolutionShape): BenchmarkCase {
  const { side, channels, out, kernel, stride = 1, padding = 0, groups = 1 } = shape;
  const outSide = Math.floor((side + 2 * padding - kernel) / stride) + 1;
  const kind = groups > 1 ? 'conv-depthwise' : 'conv';
  return kernelCase({
    name: `${kind} ${kernel}x${kernel}${stride > 1 ? ` stride ${stride}` : ''} ${side}x${side}x${channels} to ${out} (${model})`,
    operands: { x: [1, side, side, channels] },
    weights: { 'layer.weight': [out, channels / groups, kernel, kernel], 'layer.bias': [out] },
    flops: 2 * outSide * outSide * out * (channels / groups) * kernel * kernel,
    build: ({ x }, w) => conv2d(x!, w.at('layer'), { stride, padding, groups }),
  });
}

function transposedCase(model: string, side: number, channels: number, out: number): BenchmarkCase {
  return kernelCase({
    name: `conv-transpose 2x2 ${side}x${side}x${channels} to ${out} (${model})`,
    operands: { x: [1, side, side, channels] },
    weights: { 'layer.weight': [channels, out, 2, 2], 'layer.bias': [out] },
    flops: 2 * side * side * channels * out * 4,
    build: ({ x }, w) => convTranspose2d(x!, w.at('layer'), { stride: 2 }),
  });
}

function normCase(model: string, rows: number, width: number): BenchmarkCase {
  return kernelCase({
    name: `layer-norm ${rows}x${width} (${model})`,
    operands: { x: [rows, width] },
    weights: { 'norm.weight': [width], 'norm.bias': [width] },
    flops: 8 * rows * width,
    build: ({ x }, w) => layerNorm(x!, w.at('norm'), { epsilon: 1e-6 }),
  });
}

export function kernelCases(scale: Scale): BenchmarkCase[] {
  const full = scale === 'full';
  const rows = full ? 4096 : 196;
  const cells = full ? 64 : 16;
  const global = full ? 64 : 24;
  const heads = full ? 12 : 3;
  return [
    linearCase('SAM ViT-B qkv', rows, 768, 2304),
    linearCase('SAM ViT-B proj', rows, 768, 768),
    linearCase('SAM ViT-B mlp up', rows, 768, 3072),
    linearCase('SAM ViT-B mlp down', rows, 3072, 768),
    linearCase('SAM ViT-H proj', rows, 1280, 1280),
    linearCase('MobileSAM mlp', rows, 320, 1280),
    linearCase('Hiera-T mlp', full ? 65536 : 1024, 96, 384),
    linearCase('nano qkv', 576, 192, 576),
    linearCase('decoder tokens mlp', 7, 256, 2048),
    linearCase('decoder tokens mlp, 64 prompts', full ? 448 : 224, 2048, 256),
    relativeCase('SAM ViT-B', global, heads, 64, undefined),
    relativeCase('SAM ViT-H', full ? 64 : 20, full ? 16 : 2, 80, undefined),
    relativeCase('SAM ViT-B', full ? 64 : 32, heads, 64, 14),
    relativeCase('SAM ViT-H', full ? 64 : 24, full ? 16 : 2, 80, 14),
    attentionCase('nano encoder', [1, 576, 576], 4, 192),
    attentionCase('SAM tokens to image', [1, 7, cells * cells], 8, 128),
    attentionCase('SAM image to tokens', [1, cells * cells, 7], 8, 128),
    attentionCase('SAM tokens to image, 64 prompts', [64, 7, full ? 4096 : 64], 8, 128),
    convolutionCase('SAM neck', { side: cells, channels: 256, out: 256, kernel: 3, padding: 1 }),
    convolutionCase('nano s1', {
      side: full ? 96 : 48,
      channels: 48,
      out: 48,
      kernel: 3,
      padding: 1,
    }),
    convolutionCase('nano stem', {
      side: full ? 384 : 128,
      channels: 3,
      out: 32,
      kernel: 3,
      stride: 2,
      padding: 1,
    }),
    convolutionCase('SAM ViT-B patches', {
      side: full ? 1024 : 128,
      channels: 3,
      out: 768,
      kernel: 16,
      stride: 16,
    }),
    convolutionCase('MobileSAM', {
      side: full ? 256 : 64,
      channels: 64,
      out: 64,
      kernel: 3,
      padding: 1,
      groups: 64,
    }),
    transposedCase('SAM decoder', cells, 256, 64),
    transposedCase('SAM decoder', cells * 2, 64, 32),
    normCase('SAM ViT-B', rows * 2, 768),
    normCase('decoder image', full ? 4096 : 1024, 256),
  ];
}
