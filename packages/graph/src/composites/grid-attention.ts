import { attention } from '../ops/attention.ts';
import { add, maximum, minimum, mul } from '../ops/elementwise.ts';
import { concat, expand, gather, pad, reshape, slice, transpose } from '../ops/layout.ts';
import { matmul } from '../ops/matmul.ts';
import { softmax } from '../ops/normalization.ts';
import type { GraphNode } from '../node.ts';
import type { Replacement } from '../rewrite.ts';
import { axisSize } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Scores that are held at once, in elements: queries are taken in parts beyond it. 4096 tokens and
 * 12 heads would need 800 MB for every copy of the scores.
 */
const SCORES = 2 ** 24;

/** Grid attention by matrix products, for backends without a kernel of it. */
export const gridAttentionComposite: Replacement<'gridAttention'> = (node, operands) => {
  const { heads, scale, window, ...has } = node.attributes;
  let taken = 0;
  const next = (): Tensor => operands[taken++]!;
  const [query, key, value] = [next(), next(), next()];
  const rows = has.relative ? next() : undefined;
  const columns = has.relative ? next() : undefined;
  const bias = has.bias ? next() : undefined;
  const paddingKey = has.padding ? next() : undefined;
  const paddingValue = has.padding ? next() : undefined;

  const isWhole = has.grid.every((side, axis) => side === window[axis]);
  if (isWhole && !has.relative && !has.bias) {
    return attention(query, key, value, { heads, scale });
  }
  const q = partition(node, query, undefined);
  const k = partition(node, key, paddingKey);
  const v = partition(node, value, paddingValue);
  const [count, , positions] = q.shape as [number, number, number, number];
  const relativeScores =
    rows === undefined || columns === undefined
      ? undefined
      : relativePositions(q, window, rows, columns);

  const scaled = mul(q, scale);
  const step = Math.max(1, Math.floor(SCORES / (count * heads * positions)));
  const parts: Tensor[] = [];
  for (let start = 0; start < positions; start += step) {
    const end = Math.min(start + step, positions);
    const part = (tensor: Tensor): Tensor => slice(tensor, -2, start, end);
    let scores = matmul(part(scaled), k, { transposeB: true });
    if (relativeScores !== undefined) {
      scores = addRelative(
        scores,
        part(relativeScores.byRow),
        part(relativeScores.byColumn),
        window,
      );
    }
    if (bias !== undefined) {
      scores = add(scores, part(bias));
    }
    parts.push(matmul(softmax(scores), v));
  }
  return assemble(node, concat(parts, 2));
};

// [batch, h * w, heads * d] -> [batch * windows, heads, wh * ww, d]
function partition(
  node: GraphNode<'gridAttention'>,
  x: Tensor,
  padding: Tensor | undefined,
): Tensor {
  const { heads, grid, window } = node.attributes;
  const [batch, , width] = x.shape as [number, number, number];
  const [down, across] = windowCounts(node);
  const size = [down * window[0], across * window[1]] as const;
  let map = reshape(x, [batch, grid[0], grid[1], width]);
  const missing = [size[0] - grid[0], size[1] - grid[1]] as const;
  if (padding === undefined) {
    map = missing.some((n) => n > 0) ? pad(map, [0, 0, 0, 0], [0, missing[0], missing[1], 0]) : map;
  } else {
    const row = reshape(madeInEachRun(padding, x), [1, 1, 1, width]);
    const filling = (shape: readonly number[]): Tensor => expand(row, shape);
    if (missing[1] > 0) {
      map = concat([map, filling([batch, grid[0], missing[1], width])], 2);
    }
    if (missing[0] > 0) {
      map = concat([map, filling([batch, missing[0], size[1], width])], 1);
    }
  }
  const tiles = reshape(map, [batch, down, window[0], across, window[1], heads, width / heads]);
  return reshape(transpose(tiles, [0, 1, 3, 5, 2, 4, 6]), [
    batch * down * across,
    heads,
    window[0] * window[1],
    width / heads,
  ]);
}

/**
 * The same values, bound to those of a run. What follows from weights alone, runtimes compute once and
 * keep: this row at all places that are filled up would be 8 MB for each block of ViT-H.
 */
function madeInEachRun(row: Tensor, x: Tensor): Tensor {
  const any = slice(slice(x, 0, 0, 1), 1, 0, 1); // [1, 1, width]
  return maximum(minimum(any, row), row);
}

// [batch * windows, heads, wh * ww, dv] -> [batch, h * w, heads * dv]
function assemble(node: GraphNode<'gridAttention'>, tokens: Tensor): Tensor {
  const { heads, grid, window } = node.attributes;
  const [down, across] = windowCounts(node);
  const dv = axisSize(tokens.shape, 3);
  const batch = axisSize(node.shape, 0);
  const tiles = reshape(tokens, [batch, down, across, heads, window[0], window[1], dv]);
  const map = reshape(transpose(tiles, [0, 1, 4, 2, 5, 3, 6]), [
    batch,
    down * window[0],
    across * window[1],
    heads * dv,
  ]);
  const inside = slice(slice(map, 1, 0, grid[0]), 2, 0, grid[1]);
  return reshape(inside, node.shape);
}

function windowCounts(node: GraphNode<'gridAttention'>): [number, number] {
  const { grid, window } = node.attributes;
  return [Math.ceil(grid[0] / window[0]), Math.ceil(grid[1] / window[1])];
}

/** Scores of every query against key rows and against key columns. */
interface RelativeScores {
  readonly byRow: Tensor; // [count, heads, wh * ww, wh]
  readonly byColumn: Tensor; // [count, heads, wh * ww, ww]
}

function relativePositions(
  q: Tensor,
  [height, width]: readonly [number, number],
  rows: Tensor,
  columns: Tensor,
): RelativeScores {
  const [count, heads, positions, d] = q.shape as [number, number, number, number];
  const byRowOfQuery = reshape(q, [count * heads, height, width, d]);
  // A row of queries shares its table: [height, width, d] times [height, keys, d].
  const byRow = matmul(byRowOfQuery, distances(rows, height), { transposeB: true });
  const byColumnOfQuery = transpose(byRowOfQuery, [0, 2, 1, 3]);
  const byColumn = transpose(
    matmul(byColumnOfQuery, distances(columns, width), { transposeB: true }),
    [0, 2, 1, 3],
  );
  return {
    byRow: reshape(byRow, [count, heads, positions, height]),
    byColumn: reshape(byColumn, [count, heads, positions, width]),
  };
}

// table [2 * size - 1, d] -> [query, key, d]
function distances(table: Tensor, size: number): Tensor {
  const indices: number[] = [];
  for (let query = 0; query < size; query++) {
    for (let key = 0; key < size; key++) {
      indices.push(query - key + size - 1);
    }
  }
  const at = table.recorder.add('constant', [], { data: indices }, [size, size], 'i32');
  return gather(table, at);
}

function addRelative(
  scores: Tensor,
  byRow: Tensor,
  byColumn: Tensor,
  [height, width]: readonly [number, number],
): Tensor {
  const [count, heads, queries] = scores.shape as [number, number, number, number];
  const grid = reshape(scores, [count, heads, queries, height, width]);
  const sum = add(
    add(grid, reshape(byRow, [count, heads, queries, height, 1])),
    reshape(byColumn, [count, heads, queries, 1, width]),
  );
  return reshape(sum, scores.shape);
}
