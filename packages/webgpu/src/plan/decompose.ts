import {
  axisSize,
  composites,
  type Graph,
  optimize,
  type Replacement,
  rewrite,
} from '@samgpu/graph';

/**
 * Takes apart what no kernel does in one piece: attention in windows with a learned bias, or with
 * padding and heads whose width is no multiple of four.
 */
const gridAttention: Replacement<'gridAttention'> = (node, operands, tensorOf) => {
  const { heads, grid, window, relative, bias } = node.attributes;
  const [query, , value] = operands;
  const isOdd = [query, value].some((x) => (axisSize(x!.shape, 2) / heads) % 4 !== 0);
  const isPadded = grid.some((size, axis) => size % window[axis]! !== 0);
  const needsParts = !relative && (bias || (isOdd && isPadded));
  return needsParts ? composites.gridAttention(node, operands, tensorOf) : undefined;
};

/** Pairs of heads that are no multiple of four wide. */
const rotary: Replacement<'rotary'> = (node, operands, tensorOf) => {
  const width = axisSize(operands[0]!.shape, 2) / node.attributes.heads;
  return width % 4 === 0 ? undefined : composites.rotary(node, operands, tensorOf);
};

/** The graph in its cheapest form, without operations that no kernel has. */
export function decompose(graph: Graph): Graph {
  return rewrite(optimize(graph), { gridAttention, rotary });
}
