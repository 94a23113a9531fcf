import type { Graph } from '../node.ts';
import { absorbProjections } from './absorb-projections.ts';
import { shareBatch } from './share-batch.ts';

export { absorbProjections, shareBatch };

/** The same computation with fewer operations: see {@link shareBatch} and {@link absorbProjections}. */
export function optimize(graph: Graph): Graph {
  return absorbProjections(shareBatch(graph));
}
