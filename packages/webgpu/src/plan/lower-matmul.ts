/**
 * Matrix products. Factors are read where they lie: as slices, as transposed matrices on the right,
 * shared along batch axes.
 */
import { elementCount, type GraphNode, type NodeId } from '@samgpu/graph';
import { broadcastView } from '@samgpu/kernels';

import { endingOf } from './lower-products.ts';
import { matmulKernel } from './matmul-kernel.ts';
import type { Planner, Stored } from './planner.ts';

export function matmul(node: GraphNode<'matmul'>, planner: Planner): void {
  const [first, second] = node.inputs as [NodeId, NodeId];
  const leading = node.shape.slice(0, -2);
  let a = factorOf(planner.at(first), false) ?? factorOf(copyOf(first, planner), false)!;
  let b = factorOf(planner.at(second), true) ?? factorOf(copyOf(second, planner), true)!;
  let batch = batchOf(leading, a, b);
  if (batch === undefined) {
    // More than two batch axes that do not merge: every matrix is written out.
    a = factorOf(repeated(first, leading, planner), false)!;
    b = factorOf(repeated(second, leading, planner), false)!;
    batch = batchOf(leading, a, b)!;
  }
  const [m, k] = planner.node(first).shape.slice(-2) as [number, number];
  const n = node.shape.at(-1)!;
  const left = planner.bind(a.stored);
  const right = planner.bind(b.stored);
  const ending = endingOf(node, undefined, planner);
  // One matrix for all on the right, and rows in step on the left: one large product.
  const isFlat = batch.b.every((stride) => stride === 0) && isOneMatrix(batch, m, a.rowStride);
  const sizes = isFlat
    ? { rows: elementCount(leading) * m, depth: k, columns: n }
    : { batch: batch.sizes, rows: m, depth: k, columns: n };
  const kernel = matmulKernel(
    sizes,
    {
      ...ending.options,
      left: matrixView(left.view.offset, a.rowStride, batch.a),
      right: matrixView(right.view.offset, b.rowStride, batch.b),
      transposeRight: b.transposed !== node.attributes.transposeB,
    },
    planner,
  );
  const operands = { left: left.operand, right: right.operand, ...ending.operands };
  planner.emit(node, kernel, { ...operands, y: planner.result(node) });
}

/** Matrices of dense rows, or of dense columns if `transposed`. */
interface Factor {
  readonly stored: Stored;
  readonly rowStride: number;
  readonly transposed: boolean;
}

function factorOf(stored: Stored, mayTranspose: boolean): Factor | undefined {
  const [rows, columns] = stored.view.shape.slice(-2) as [number, number];
  const [rowStep, columnStep] = stored.view.strides.slice(-2) as [number, number];
  if ((columnStep === 1 || columns === 1) && (rowStep >= columns || rows === 1)) {
    return { stored, rowStride: rows === 1 ? columns : rowStep, transposed: false };
  }
  if (mayTranspose && rowStep === 1 && columnStep >= rows) {
    return { stored, rowStride: columnStep, transposed: true };
  }
  return undefined;
}

function copyOf(id: NodeId, planner: Planner): Stored {
  return planner.copy(planner.at(id), planner.node(id));
}

function repeated(id: NodeId, leading: readonly number[], planner: Planner): Stored {
  const { value, view } = planner.at(id);
  const whole = broadcastView(view, [...leading, ...view.shape.slice(-2)]);
  return planner.copy({ value, view: whole }, planner.node(id));
}

/** Two batch axes with the strides of both factors along them. */
interface Batch {
  readonly sizes: readonly [outer: number, inner: number];
  readonly a: readonly [outer: number, inner: number];
  readonly b: readonly [outer: number, inner: number];
}

/** Undefined where more than two axes are left after merging. */
function batchOf(leading: readonly number[], a: Factor, b: Factor): Batch | undefined {
  const [stridesA, stridesB] = [a, b].map(({ stored: { view } }) =>
    broadcastView(view, [...leading, ...view.shape.slice(-2)]).strides.slice(0, -2),
  ) as [number[], number[]];
  // From the innermost axis outwards.
  const axes: { size: number; a: number; b: number }[] = [];
  for (let axis = leading.length - 1; axis >= 0; axis--) {
    const size = leading[axis]!;
    const next = { size, a: stridesA[axis]!, b: stridesB[axis]! };
    const last = axes.at(-1);
    if (size === 1) {
      continue;
    }
    if (last !== undefined && next.a === last.a * last.size && next.b === last.b * last.size) {
      last.size *= size;
    } else {
      axes.push(next);
    }
  }
  const [inner = { size: 1, a: 0, b: 0 }, outer = { size: 1, a: 0, b: 0 }, ...others] = axes;
  return others.length > 0
    ? undefined
    : { sizes: [outer.size, inner.size], a: [outer.a, inner.a], b: [outer.b, inner.b] };
}

function isOneMatrix({ sizes, a }: Batch, rows: number, rowStride: number): boolean {
  const [outer, inner] = sizes;
  const innerFits = inner === 1 || a[1] === rows * rowStride;
  return innerFits && (outer === 1 || a[0] === inner * rows * rowStride);
}

function matrixView(
  offset: number,
  rowStride: number,
  [outerStride, batchStride]: readonly [number, number],
): { offset: number; rowStride: number; batchStride: number; outerStride: number } {
  return { offset, rowStride, batchStride, outerStride };
}
