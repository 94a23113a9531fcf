import type { Graph, GraphNode, NodeId } from '../node.ts';
import { rewrite } from '../rewrite.ts';
import { axisSize } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { nodeAt } from '../trace.ts';
import { absorbKeys } from './absorb-keys.ts';
import { absorbQueries } from './absorb-queries.ts';
import { type AttentionSizes, keyCosts, queryCosts } from './attention-costs.ts';
import type { Projection } from './projection.ts';

/** The share of multiplications that may be left: the absorbed form has more and smaller parts. */
const WORTHWHILE = 0.8;

/**
 * Multi-head attention between few tokens and many, as SAM's mask decoder has it, with the
 * projections of the many taken over by the few: instead of W x for every cell x of an image, the
 * score of a token t is computed as (Wᵀ t) x, and likewise for values. The result is the same, as
 * matrix products are associative; for 7 tokens and 4096 cells it needs less than half of the
 * multiplications, and no projected images in memory.
 *
 * Attention for which that does not pay stays as it is.
 */
export function absorbProjections(graph: Graph): Graph {
  const users = countUsers(graph);
  const isPrivate = (id: NodeId): boolean => users[id] === 1;

  /** The projection that a node is, if nothing else needs its result. */
  const projectionAt = (id: NodeId, tensorOf: (id: NodeId) => Tensor): Projection | undefined => {
    const node = nodeAt(graph.nodes, id);
    if (node.operation !== 'linear' || !isPrivate(id)) {
      return undefined;
    }
    const [x, weight, bias] = node.inputs.map(tensorOf);
    return { x: x!, weight: weight!, bias };
  };

  /** Queries are needed for the whole batch, even where they are all the same. */
  const withoutExpand = (id: NodeId): NodeId => {
    const { operation, inputs, shape } = nodeAt(graph.nodes, id);
    if (operation !== 'expand' || !isPrivate(id)) {
      return id;
    }
    const x = nodeAt(graph.nodes, inputs[0]!);
    return x.shape.slice(1).join() === shape.slice(1).join() ? x.id : id;
  };

  return rewrite(graph, {
    attention(node, [query, , , keyBias], tensorOf) {
      const key = projectionAt(node.inputs[1]!, tensorOf);
      const value = projectionAt(node.inputs[2]!, tensorOf);
      if (key === undefined || value === undefined) {
        return undefined;
      }
      const { direct, absorbed } = keyCosts(sizesOf(graph, node), key, value);
      const { heads, scale } = node.attributes;
      return absorbed < WORTHWHILE * direct
        ? absorbKeys({ query: query!, key, value, keyBias, heads, scale })
        : undefined;
    },
    linear(node, [, weight, bias], tensorOf) {
      const inner = nodeAt(graph.nodes, node.inputs[0]!);
      if (inner.operation !== 'attention' || !isPrivate(inner.id)) {
        return undefined;
      }
      const query = projectionAt(withoutExpand(inner.inputs[0]!), tensorOf);
      if (query === undefined) {
        return undefined;
      }
      const sizes = sizesOf(graph, inner);
      const costs = queryCosts(sizes, query, axisSize(node.shape, -1));
      if (Math.min(costs.absorbed, costs.projected) >= WORTHWHILE * costs.direct) {
        return undefined;
      }
      const [key, value, keyBias] = inner.inputs.slice(1).map(tensorOf);
      const { heads, scale } = inner.attributes;
      return absorbQueries({
        query,
        absorbsScores: costs.absorbed <= costs.projected,
        key: key!,
        value: value!,
        keyBias,
        output: { weight: weight!, bias },
        heads,
        scale,
      });
    },
  });
}

function sizesOf(graph: Graph, node: GraphNode<'attention'>): AttentionSizes {
  const [batch, queries, valueWidth] = node.shape as [number, number, number];
  const [, keys, keyWidth] = nodeAt(graph.nodes, node.inputs[1]!).shape as [number, number, number];
  return { batch, queries, keys, heads: node.attributes.heads, keyWidth, valueWidth };
}

function countUsers(graph: Graph): number[] {
  const users = graph.nodes.map(() => 0);
  for (const id of [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.values()]) {
    users[id] = (users[id] ?? 0) + 1;
  }
  return users;
}
