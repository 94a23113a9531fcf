import type { GraphNode } from '@samgpu/graph';
import type { Lowered, Lowering } from './lowering.ts';

/** Rotary positions by ONNX Runtime's operator, which keeps pairs together. */
export function rotary(node: GraphNode<'rotary'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  const { heads, rotated } = node.attributes;
  const [batch = 1, tokens = 1, width = 1] = node.shape;
  const [period = 1, depth = 2] = lowering.shapeOf(node, 1);
  const x = lowering.operand(node, 0);

  const pairs = lowering.emit(node, 'Reshape', [
    lowering.operand(node, 1),
    builder.list([period, depth / 2, 2]),
  ]);
  const [cosine, sine] = [0, 1].map((part) =>
    lowering.emit(node, 'Gather', [pairs, builder.constant('int64', [], [part])], {
      axis: { integer: 2 },
    }),
  ) as [string, string]; // [period, depth / 2]

  const rows = (start: number, end: number): string =>
    start === 0 && end === tokens
      ? x
      : lowering.emit(node, 'Slice', [
          x,
          builder.list([start]),
          builder.list([end]),
          builder.list([1]),
        ]);
  // Its tables hold a row for each token, so what goes through them several times is several sequences.
  const sequences = builder.list([(batch * rotated) / period, period, width]);
  const turned = lowering.emitOwn(
    node,
    'RotaryEmbedding',
    [
      lowering.emit(node, 'Reshape', [rows(0, rotated), sequences]),
      builder.list([0]), // the first token's row
      cosine,
      sine,
    ],
    { interleaved: { integer: 1 }, num_heads: { integer: heads } },
  );
  const together = lowering.emit(node, 'Reshape', [turned, builder.list([batch, rotated, width])]);
  const name =
    rotated === tokens
      ? together
      : lowering.emit(node, 'Concat', [together, rows(rotated, tokens)], { axis: { integer: 1 } });
  return { name, layout: 'traced' };
}
