import { elementCount, type NodeId } from '@samgpu/graph';

import type { Planner } from './planner.ts';
import type { BoundValue } from './program-plan.ts';
import { reshapeView } from './views.ts';

/** A tensor as equally long rows at equal distances. */
export interface Rows {
  readonly operand: BoundValue;
  readonly rows: number;
  readonly width: number;
  /** Elements before the first row, from the start of the binding. */
  readonly offset: number;
  /** Elements from one row to the next. */
  readonly rowStride: number;
}

/** The last axis of a node as rows; it is copied only where its rows are not dense or not in step. */
export function rowsOf(id: NodeId, planner: Planner): Rows {
  const node = planner.node(id);
  const width = node.shape.at(-1) ?? 1;
  const rows = elementCount(node.shape) / width;
  const bound = planner.view(id);
  const view = reshapeView(bound.view, [rows, width]);
  if (view !== undefined && (width === 1 || view.strides[1] === 1)) {
    const rowStride = rows === 1 ? width : view.strides[0]!;
    // Rows that are all the same one are not what kernels expect of a stride.
    if (rowStride >= width) {
      return { operand: bound.operand, rows, width, offset: view.offset, rowStride };
    }
  }
  return { operand: planner.dense(id), rows, width, offset: 0, rowStride: width };
}
