import type { NodeId } from '@samgpu/graph';

import type { Planner } from './planner.ts';
import type { BoundValue } from './program-plan.ts';

/** Rows of tokens as a kernel gets them. */
export interface Tokens {
  readonly operand: BoundValue;
  readonly view: {
    readonly offset: number;
    readonly rowStride: number;
    readonly batchStride: number;
  };
}

/** [batch or 1, tokens, width] where it lies, if its rows are dense there. */
export function tokensOf(id: NodeId, batch: number, planner: Planner): Tokens {
  const { shape } = planner.node(id);
  const [own, tokens, width] = shape as [number, number, number];
  const { operand, view } = planner.view(id);
  const [batchStep, tokenStep, step] = view.strides as [number, number, number];
  const isDense = (step === 1 || width === 1) && (tokens === 1 || tokenStep >= width);
  if (!isDense) {
    const rowStride = width;
    const batchStride = own === 1 && batch > 1 ? 0 : tokens * width;
    return { operand: planner.dense(id), view: { offset: 0, rowStride, batchStride } };
  }
  return {
    operand,
    view: {
      offset: view.offset,
      rowStride: tokens === 1 ? width : tokenStep,
      batchStride: own === 1 ? (batch > 1 ? 0 : tokens * width) : batchStep,
    },
  };
}
