import { axisSize, type GraphNode } from '@samgpu/graph';
import type { Lowered, Lowering } from './lowering.ts';

/** Of fewer scores for each head, all are made as soon as some. */
const FEWEST_SCORES = 4096;

/** Whether the operator can do it, and is worth its overhead. */
export function canFuse({ shape, attributes }: GraphNode<'attention'>, keys: number): boolean {
  return axisSize(shape, 1) * keys >= FEWEST_SCORES && attributes.scale !== 0;
}

/**
 * Attention by ONNX Runtime's own operator, which on CPUs works in tiles that fit its cache and stores no
 * scores. It does so without a bias only; a bias per key is therefore one more column: 1 in each
 * query, the bias in each key.
 */
export function fusedAttention(node: GraphNode<'attention'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const { heads, scale, keyBias } = node.attributes;
  const [batch = 1, queries = 1] = node.shape;
  const [, keys = 1] = lowering.shapeOf(node, 1);

  // [batch, tokens, heads * d]; one set of keys may serve the whole batch.
  const tokensOf = (index: number): string => {
    const [count = 1, tokens = 1, width = 1] = lowering.shapeOf(node, index);
    const own = lowering.operand(node, index);
    return count === batch
      ? own
      : lowering.emit(node, 'Expand', [own, builder.list([batch, tokens, width])]);
  };
  /** A column behind each head. @param column - `[batch, tokens, heads, 1]` */
  const widened = (tokens: string, count: number, width: number, column: string): string => {
    const depth = width / heads;
    const split = lowering.emit(node, 'Reshape', [
      tokens,
      builder.list([batch, count, heads, depth]),
    ]);
    const wider = lowering.emit(node, 'Concat', [split, column], { axis: { integer: 3 } });
    return lowering.emit(node, 'Reshape', [
      wider,
      builder.list([batch, count, heads * (depth + 1)]),
    ]);
  };

  let [query, key] = [tokensOf(0), tokensOf(1)];
  if (keyBias) {
    const width = axisSize(lowering.shapeOf(node, 1), 2);
    const ones = lowering.emit(node, 'Expand', [
      builder.scalar(1 / scale),
      builder.list([batch, queries, heads, 1]),
    ]);
    const flat = lowering.emit(node, 'Reshape', [
      lowering.operand(node, 3),
      builder.list([axisSize(lowering.shapeOf(node, 3), 0), keys, 1, 1]),
    ]);
    const biases = lowering.emit(node, 'Expand', [flat, builder.list([batch, keys, heads, 1])]);
    query = widened(query, queries, width, ones);
    key = widened(key, keys, width, biases);
  }
  const attributes = { num_heads: { integer: heads }, scale: { float: scale } };
  const inputs = [query, key, tokensOf(2)];
  return {
    name: lowering.emitOwn(node, 'MultiHeadAttention', inputs, attributes),
    layout: 'traced',
  };
}
