import type { Graph, GraphNode, NodeId, OperationName } from '../node.ts';
import { expand } from '../ops/layout.ts';
import { type Replacement, type Replacements, rewrite } from '../rewrite.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Computes what is the same for a whole batch once: an `expand` along the first axis moves behind
 * the operations that keep the batch apart, up to where values of the batch's own come in.
 *
 * SAM's prompts all begin with the image's embedding, so that its first projections serve them all.
 */
export function shareBatch(graph: Graph): Graph {
  /** What stands for one of the batch, `[1, …]`, by the node whose value it is for all of it. */
  const shared = new Map<NodeId, Tensor>();

  /** A node's value is that of one entry, for all entries. */
  const share = (node: GraphNode, one: Tensor): Tensor => {
    shared.set(node.id, one);
    return expand(one, node.shape);
  };

  const sharedOperand = (node: GraphNode, index: number): Tensor | undefined =>
    shared.get(node.inputs[index] ?? -1);

  /** Records the node for one entry, with these operands. */
  const once = (node: GraphNode, operands: readonly Tensor[]): Tensor =>
    share(
      node,
      operands[0]!.recorder.add(
        node.operation,
        operands,
        node.attributes,
        [1, ...node.shape.slice(1)],
        node.dtype,
      ),
    );

  /** Operations whose first operand has the batch, and no other has. */
  const ofFirst: Replacement<OperationName> = (node, operands) => {
    const one = sharedOperand(node, 0);
    return one === undefined ? undefined : once(node, [one, ...operands.slice(1)]);
  };

  /** Those that broadcast: an entry stands for the batch wherever another operand has the batch. */
  const broadcasting: Replacement<OperationName> = (node, operands) => {
    const rank = node.shape.length;
    // An operand of fewer axes does not have the batch first.
    const ones = operands.map((operand, index) =>
      operand.shape.length === rank ? (sharedOperand(node, index) ?? operand) : operand,
    );
    if (ones.every((one, index) => one === operands[index])) {
      return undefined;
    }
    const hasBatch = ones.some(({ shape }) => shape.length === rank && (shape[0] ?? 1) > 1);
    if (!hasBatch) {
      return once(node, ones);
    }
    return ones[0]!.recorder.add(node.operation, ones, node.attributes, node.shape, node.dtype);
  };

  const replacements: Replacements = {
    expand(node, [x]) {
      const { shape } = node;
      const batch = shape[0] ?? 1;
      if (batch === 1 || x!.shape.length !== shape.length || x!.shape[0] !== 1) {
        return undefined;
      }
      return share(node, expand(x!, [1, ...shape.slice(1)]));
    },
    unary: ofFirst,
    clamp: ofFirst,
    cast: ofFirst,
    conv2d: ofFirst,
    convTranspose2d: ofFirst,
    resize: ofFirst,
    pool2d: ofFirst,
    // Below two axes the first one is what they work on.
    linear: withAxes(2, ofFirst),
    layerNorm: withAxes(2, ofFirst),
    softmax: withAxes(2, ofFirst),
    binary: broadcasting,
    where: broadcasting,
    matmul: withAxes(3, broadcasting),
    reshape(node, operands, tensorOf) {
      const one = sharedOperand(node, 0);
      const keepsBatch = one !== undefined && operands[0]!.shape[0] === node.shape[0];
      return keepsBatch ? ofFirst(node, operands, tensorOf) : undefined;
    },
    transpose(node, operands, tensorOf) {
      return node.attributes.permutation[0] === 0 ? ofFirst(node, operands, tensorOf) : undefined;
    },
    slice(node, operands, tensorOf) {
      const keepsBatch = operands[0]!.shape[0] === node.shape[0];
      return keepsBatch ? ofFirst(node, operands, tensorOf) : undefined;
    },
    attention(node, operands) {
      const ones = operands.map((_, index) => sharedOperand(node, index));
      const [query, key, value, bias] = ones;
      if (key === undefined || value === undefined) {
        return undefined;
      }
      const keyBias = operands[3] === undefined ? [] : [bias ?? operands[3]];
      if (query !== undefined && (keyBias[0]?.shape[0] ?? 1) === 1) {
        return once(node, [query, key, value, ...keyBias]);
      }
      const { attributes, shape } = node;
      return key.recorder.add(
        'attention',
        [operands[0]!, key, value, ...keyBias],
        attributes,
        shape,
      );
    },
  };
  return rewrite(graph, replacements);
}

function withAxes<Name extends OperationName>(
  axes: number,
  replace: Replacement<OperationName>,
): Replacement<Name> {
  return (node, operands, tensorOf) =>
    node.shape.length < axes
      ? undefined
      : replace(node as unknown as GraphNode, operands, tensorOf);
}
