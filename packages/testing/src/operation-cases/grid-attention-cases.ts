import { gridAttention } from '@samgpu/graph';

import type { OperandSpec, OperationCase } from './operation-case.ts';

interface GridAttentionCase {
  readonly name: string;
  readonly batch?: number;
  readonly heads: number;
  readonly d: number;
  readonly grid: readonly [number, number];
  readonly window?: readonly [number, number];
  readonly relative?: boolean;
  readonly bias?: boolean;
  readonly padding?: boolean;
}

const CASES: readonly GridAttentionCase[] = [
  { name: 'whole grid', heads: 2, d: 8, grid: [5, 6] },
  { name: 'relative positions', heads: 2, d: 64, grid: [6, 7], relative: true },
  { name: 'relative positions, head of 80', heads: 3, d: 80, grid: [9, 5], relative: true },
  {
    name: 'relative positions, batch of 2',
    batch: 2,
    heads: 1,
    d: 12,
    grid: [8, 8],
    relative: true,
  },
  { name: 'windows that fit', heads: 2, d: 16, grid: [8, 12], window: [4, 6] },
  {
    name: 'windows with padding, relative positions (SAM)',
    heads: 2,
    d: 64,
    grid: [16, 16],
    window: [14, 14],
    relative: true,
    padding: true,
  },
  {
    name: 'windows with zeros as padding',
    heads: 1,
    d: 8,
    grid: [5, 7],
    window: [3, 4],
    relative: true,
  },
  {
    name: 'windows with a learned bias (TinyViT)',
    batch: 2,
    heads: 4,
    d: 32,
    grid: [10, 8],
    window: [7, 7],
    bias: true,
    padding: true,
  },
];

export const gridAttentionCases: readonly OperationCase[] = CASES.map(
  ({ name, batch = 1, heads, d, grid, window = grid, relative, bias, padding }) => {
    const tokens: OperandSpec = { shape: [batch, grid[0] * grid[1], heads * d], from: -2, to: 2 };
    const positions = window[0] * window[1];
    const weights: Record<string, OperandSpec> = {
      ...(relative === true
        ? {
            rows: { shape: [2 * window[0] - 1, d], from: -0.3, to: 0.3 },
            columns: { shape: [2 * window[1] - 1, d], from: -0.3, to: 0.3 },
          }
        : {}),
      ...(bias === true ? { bias: { shape: [heads, positions, positions] } } : {}),
      ...(padding === true ? { key: { shape: [heads * d] }, value: { shape: [heads * d] } } : {}),
    };
    return {
      name: `gridAttention ${name}`,
      inputs: { q: tokens, k: tokens, v: { shape: tokens.shape } },
      weights,
      build: ({ q, k, v }, w) =>
        gridAttention(q!, k!, v!, {
          heads,
          grid,
          window,
          ...(relative === true
            ? { relative: { rows: w.tensor('rows'), columns: w.tensor('columns') } }
            : {}),
          ...(bias === true ? { bias: w.tensor('bias') } : {}),
          ...(padding === true
            ? { padding: { key: w.tensor('key'), value: w.tensor('value') } }
            : {}),
        }),
      tolerance: 1e-5, // sums of a head's width, as for attention
    };
  },
);
