import { axisSize, type GraphNode } from '@samgpu/graph';
import { canFuse, fusedAttention } from './lower-fused-attention.ts';
import type { Lowered, Lowering } from './lowering.ts';

/**
 * softmax(scale · q kᵀ + keyBias) v by standard operators.
 *
 * Scores are the largest values of most models: 4096 tokens and 12 heads make 800 MB. Where they
 * would pass `scoreBytes`, queries are taken in parts, which changes nothing else, because rows of
 * a softmax do not know each other.
 */
export function attention(node: GraphNode<'attention'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const { heads, scale, keyBias } = node.attributes;
  const [batch = 1, queries = 1, width = 1] = node.shape;
  const keys = axisSize(lowering.shapeOf(node, 1), 1);
  if (lowering.options.ownOperators && canFuse(node, keys)) {
    return fusedAttention(node, lowering);
  }

  // [batch, tokens, heads * d] -> [batch, heads, tokens, d], or [batch, heads, d, tokens]
  const perHead = (index: number, permutation: readonly number[]): string => {
    const [count = 1, tokens = 1] = lowering.shapeOf(node, index); // keys may be shared: 1
    const depth = axisSize(lowering.shapeOf(node, index), 2) / heads;
    const shape = builder.list([count, tokens, heads, depth]);
    const split = lowering.emit(node, 'Reshape', [lowering.operand(node, index), shape]);
    return lowering.emit(node, 'Transpose', [split], { perm: { integers: permutation } });
  };
  const query = lowering.emit(node, 'Mul', [perHead(0, [0, 2, 1, 3]), builder.scalar(scale)]);
  const key = perHead(1, [0, 2, 3, 1]);
  const value = perHead(2, [0, 2, 1, 3]);
  const bias = keyBias
    ? lowering.emit(node, 'Reshape', [
        lowering.operand(node, 3),
        builder.list([axisSize(lowering.shapeOf(node, 3), 0), 1, 1, keys]),
      ])
    : undefined;

  const attend = (part: string): string => {
    const product = lowering.emit(node, 'MatMul', [part, key]);
    const scores = bias === undefined ? product : lowering.emit(node, 'Add', [product, bias]);
    const shares = lowering.emit(node, 'Softmax', [scores], { axis: { integer: -1 } });
    return lowering.emit(node, 'MatMul', [shares, value]); // [batch, heads, rows, d]
  };

  const bytesPerQuery = 4 * batch * heads * keys;
  const rowsAtOnce = Math.max(1, Math.floor(lowering.options.scoreBytes / bytesPerQuery));
  const rows = Math.ceil(queries / Math.ceil(queries / rowsAtOnce)); // parts of equal size
  const parts: string[] = [];
  for (let start = 0; start < queries; start += rows) {
    const end = Math.min(start + rows, queries);
    const part =
      rows >= queries
        ? query
        : lowering.emit(node, 'Slice', [
            query,
            builder.list([start]),
            builder.list([end]),
            builder.list([2]),
          ]);
    parts.push(attend(part));
  }
  const attended =
    parts.length === 1
      ? (parts[0] ?? '')
      : lowering.emit(node, 'Concat', parts, { axis: { integer: 2 } });
  const together = lowering.emit(node, 'Transpose', [attended], {
    perm: { integers: [0, 2, 1, 3] },
  });
  const shape = builder.list([batch, queries, width]);
  return { name: lowering.emit(node, 'Reshape', [together, shape]), layout: 'traced' };
}
