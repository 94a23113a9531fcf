import type { Graph, GraphNode, NodeId, OperationName } from './node.ts';
import { Recorder, type Tensor } from './tensor.ts';
import { nodeAt, prune } from './trace.ts';

/**
 * Records what stands in for a node, given its operands; undefined leaves the node as it is. Shape
 * and dtype must be the node's.
 *
 * @param tensorOf - what stands in for any earlier node, for replacements that look further back
 */
export type Replacement<Name extends OperationName> = (
  node: GraphNode<Name>,
  operands: readonly Tensor[],
  tensorOf: (id: NodeId) => Tensor,
) => Tensor | undefined;

export type Replacements = { readonly [Name in OperationName]?: Replacement<Name> };

/**
 * Records a graph anew with some of its operations replaced by others: how a backend that has no
 * kernel for an operation runs it all the same.
 */
export function rewrite(graph: Graph, replacements: Replacements): Graph {
  const recorder = new Recorder();
  const tensors = new Map<NodeId, Tensor>();
  const tensorAt = (id: NodeId): Tensor => {
    const tensor = tensors.get(id);
    if (tensor === undefined) {
      throw new RangeError(`node ${id} of "${graph.name}" is used before it is computed`);
    }
    return tensor;
  };
  for (const node of graph.nodes) {
    const operands = node.inputs.map(tensorAt);
    // The table maps each name to a replacement of that very node type.
    const replace = replacements[node.operation] as Replacement<OperationName> | undefined;
    const tensor =
      replace?.(node, operands, tensorAt) ??
      recorder.add(node.operation, operands, node.attributes, node.shape, node.dtype);
    tensors.set(node.id, tensor);
  }
  const outputs = [...graph.outputs].map(([name, id]): [string, Tensor] => [
    name,
    tensorAt(nodeAt(graph.nodes, id).id),
  ]);
  return prune(graph.name, recorder, outputs);
}
