import { add } from '../ops/elementwise.ts';
import { reshape, transpose } from '../ops/layout.ts';
import { axisSize } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

/** What a `linear` node is made of. */
export interface Projection {
  readonly x: Tensor; // [batch or 1, tokens, in]
  readonly weight: Tensor; // [out, in]
  readonly bias: Tensor | undefined; // [out]
}

/** `[batch, tokens, heads * d]` to `[batch, heads, tokens, d]`. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, tokens, width] = x.shape as [number, number, number];
  return transpose(reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}

/** `[batch, heads, tokens, d]` to `[batch, tokens, heads * d]`. */
export function joinHeads(x: Tensor): Tensor {
  const [batch, heads, tokens, d] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * d]);
}

/** `[batch, heads, tokens, d]` to `[batch, heads * tokens, d]`: a token of a head is one row. */
export function stackHeads(x: Tensor): Tensor {
  const [batch, heads, tokens, d] = x.shape as [number, number, number, number];
  return reshape(x, [batch, heads * tokens, d]);
}

/** The part of a weight `[heads * d, in]` that each head has, `[1, heads, d, in]`. */
export function weightOfHeads(weight: Tensor, heads: number): Tensor {
  const [width, inputs] = weight.shape as [number, number];
  return reshape(weight, [1, heads, width / heads, inputs]);
}

/** Adds a bias `[heads * d]` to `[batch, heads, tokens, d]`, if there is one. */
export function addHeadBias(x: Tensor, bias: Tensor | undefined): Tensor {
  const [heads, d] = [axisSize(x.shape, 1), axisSize(x.shape, 3)];
  return bias === undefined ? x : add(x, reshape(bias, [1, heads, 1, d]));
}
