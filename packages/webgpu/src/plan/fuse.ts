/**
 * Which operations become part of the kernel before them.
 *
 * A product (linear, matmul, convolution) takes what follows it while each result is read by
 * nothing else: an activation and the addition of a residual, in either order. Other operations take
 * an activation or nothing. The fused node runs where the last of them stood, when all operands exist.
 */
import { elementCount, type Graph, type GraphNode, nodeAt, type NodeId } from '@samgpu/graph';
import type { Activation } from '@samgpu/kernels';

export interface Fusion {
  /** The node whose result the kernel gives. */
  readonly last: NodeId;
  readonly activation: Activation;
  readonly residual: NodeId | undefined;
  /** activation(result + residual) instead of activation(result) + residual. */
  readonly activationAfterResidual: boolean;
}

export interface FusionPlan {
  /** By the node that the fusion begins with. */
  readonly fusions: ReadonlyMap<NodeId, Fusion>;
  /** From the last node of a fusion to its first. */
  readonly heads: ReadonlyMap<NodeId, NodeId>;
  /** Nodes that nothing is to be done for, because they are part of a fusion that ends later. */
  readonly absorbed: ReadonlySet<NodeId>;
}

/** What the kernel of an operation can do to its result. */
export interface Abilities {
  readonly activation: boolean;
  readonly residual: boolean;
}

export type AbilitiesOf = (node: GraphNode) => Abilities;

export function fuse(
  graph: Graph,
  known: ReadonlySet<NodeId>,
  abilitiesOf: AbilitiesOf,
): FusionPlan {
  const readers = readersOf(graph);
  const fusions = new Map<NodeId, Fusion>();
  const heads = new Map<NodeId, NodeId>();
  const absorbed = new Set<NodeId>();
  for (const node of graph.nodes) {
    if (known.has(node.id) || absorbed.has(node.id) || heads.has(node.id)) {
      continue;
    }
    // What two products are added by is part of the first one's kernel only.
    const isTaken = (id: NodeId): boolean => heads.has(id) || absorbed.has(id);
    const chain = follow(node, graph, readers, abilitiesOf(node), isTaken);
    if (chain.fusion.last === node.id) {
      continue;
    }
    fusions.set(node.id, chain.fusion);
    heads.set(chain.fusion.last, node.id);
    chain.nodes.forEach((id) => absorbed.add(id));
    absorbed.delete(chain.fusion.last);
  }
  return { fusions, heads, absorbed };
}

interface Chain {
  readonly fusion: Fusion;
  readonly nodes: readonly NodeId[];
}

function follow(
  head: GraphNode,
  graph: Graph,
  readers: readonly (readonly NodeId[])[],
  abilities: Abilities,
  isTaken: (id: NodeId) => boolean,
): Chain {
  let last = head.id;
  let activation: Activation = 'none';
  let residual: NodeId | undefined;
  let activationAfterResidual = false;
  const nodes = [head.id];
  for (let next = soleReader(last); next !== undefined; next = soleReader(last)) {
    if (isTaken(next.id)) {
      break;
    } else if (next.operation === 'reshape') {
      // Results are dense, so another shape of them is the same memory.
    } else if (next.operation === 'unary' && abilities.activation) {
      if (activation !== 'none') break;
      activation = next.attributes.kind;
      activationAfterResidual = residual !== undefined;
    } else if (next.operation === 'binary' && abilities.residual && residual === undefined) {
      residual = residualOf(next, last, graph);
      if (residual === undefined) break;
    } else {
      break;
    }
    last = next.id;
    nodes.push(last);
  }
  // A reshape at the end is for free anyway, and as a view it can be part of another fusion.
  while (last !== head.id && nodeAt(graph.nodes, last).operation === 'reshape') {
    nodes.pop();
    last = nodes.at(-1)!;
  }
  return { fusion: { last, activation, residual, activationAfterResidual }, nodes };

  function soleReader(id: NodeId): GraphNode | undefined {
    const [reader, ...others] = readers[id]!;
    return reader === undefined || reader < 0 || others.length > 0
      ? undefined
      : nodeAt(graph.nodes, reader);
  }
}

/** The other operand of an addition that has as many elements, in the same order. */
function residualOf(node: GraphNode<'binary'>, product: NodeId, graph: Graph): NodeId | undefined {
  if (node.attributes.kind !== 'add' || node.dtype !== 'f32') {
    return undefined;
  }
  const other = node.inputs[0] === product ? node.inputs[1]! : node.inputs[0]!;
  const { shape } = nodeAt(graph.nodes, other);
  const count = elementCount(node.shape);
  const isWhole =
    elementCount(shape) === count && elementCount(nodeAt(graph.nodes, product).shape) === count;
  return isWhole && other !== product ? other : undefined;
}

/** For each node, those that read it, as often as they do; outputs of the graph count as -1. */
function readersOf(graph: Graph): readonly (readonly NodeId[])[] {
  const readers = graph.nodes.map((): NodeId[] => []);
  for (const node of graph.nodes) {
    node.inputs.forEach((input) => readers[input]!.push(node.id));
  }
  for (const id of graph.outputs.values()) {
    readers[id]!.push(-1);
  }
  return readers;
}
