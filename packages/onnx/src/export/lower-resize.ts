import { axisSize, type GraphNode, type ResizeMode } from '@samgpu/graph';
import { axisInLayout, inLayout } from './layouts.ts';
import type { Lowered, Lowering } from './lowering.ts';

export function resize(node: GraphNode<'resize'>, lowering: Lowering): Lowered {
  return RESIZE[node.attributes.mode](node, lowering);
}

const RESIZE: {
  readonly [Mode in ResizeMode]: (node: GraphNode<'resize'>, lowering: Lowering) => Lowered;
} = { nearest, bilinear, bicubic };

/**
 * Picks rows, then columns. The operator Resize divides by a scale in float32, so at some sizes it
 * would take the pixel beside the right one; and it would ask for channels first.
 */
function nearest(node: GraphNode<'resize'>, lowering: Lowering): Lowered {
  const layout = lowering.layoutFor(node);
  let name = lowering.operand(node, 0, layout);
  for (const [axis, from, to] of resizedAxes(node, lowering)) {
    const source = Array.from({ length: to }, (_, index) => Math.floor((index * from) / to));
    name = lowering.emit(node, 'Gather', [name, lowering.builder.list(source)], {
      axis: { integer: axisInLayout(axis, layout) },
    });
  }
  return { name, layout };
}

function bilinear(node: GraphNode<'resize'>, lowering: Lowering): Lowered {
  const sizes = lowering.builder.list(inLayout(node.shape, 'channelsFirst'));
  const x = lowering.operand(node, 0, 'channelsFirst');
  const name = lowering.emit(node, 'Resize', [x, '', '', sizes], {
    mode: { string: 'linear' },
    coordinate_transformation_mode: { string: 'half_pixel' },
  });
  return { name, layout: 'channelsFirst' };
}

/**
 * One matrix for the rows and one for the columns.
 *
 * ONNX Runtime's cubic Resize runs on one thread, and refuses to shrink once its optimizer has
 * moved a Transpose past it.
 */
function bicubic(node: GraphNode<'resize'>, lowering: Lowering): Lowered {
  const { builder } = lowering;
  let name = lowering.operand(node, 0);
  for (const [axis, from, to] of resizedAxes(node, lowering)) {
    const matrix = builder.constant('float', [to, from], cubicMatrix(from, to));
    if (axis === 2) {
      name = lowering.emit(node, 'MatMul', [matrix, name]); // [n, h, to, c]
      continue;
    }
    const [batch = 1, height = 1, width = 1, channels = 1] = lowering.shapeOf(node, 0);
    const rows = builder.list([batch, height, width * channels]);
    const flat = lowering.emit(node, 'Reshape', [name, rows]);
    const product = lowering.emit(node, 'MatMul', [matrix, flat]); // [n, to, w * c]
    const shape = builder.list([batch, to, width, channels]);
    name = lowering.emit(node, 'Reshape', [product, shape]);
  }
  return { name, layout: 'traced' };
}

/** Rows, then columns, where their number changes: the axis, its old and its new size. */
function resizedAxes(node: GraphNode<'resize'>, lowering: Lowering): [number, number, number][] {
  const shape = lowering.shapeOf(node, 0);
  return [1, 2]
    .map((axis): [number, number, number] => [
      axis,
      axisSize(shape, axis),
      axisSize(node.shape, axis),
    ])
    .filter(([, from, to]) => from !== to);
}

/** PyTorch's coefficient of the cubic convolution kernel (Keys, 1981). */
const CUBIC = -0.75;

/** Row-major [to, from]: what each old row gives to each new one. Rows beyond the edge repeat it. */
function cubicMatrix(from: number, to: number): number[] {
  const matrix = new Array<number>(to * from).fill(0);
  for (let row = 0; row < to; row++) {
    const center = ((row + 0.5) * from) / to - 0.5;
    const first = Math.floor(center) - 1;
    for (let source = first; source < first + 4; source++) {
      const index = row * from + Math.min(Math.max(source, 0), from - 1);
      matrix[index] = (matrix[index] ?? 0) + cubicWeight(Math.abs(center - source));
    }
  }
  return matrix;
}

function cubicWeight(distance: number): number {
  if (distance <= 1) {
    return ((CUBIC + 2) * distance - (CUBIC + 3)) * distance ** 2 + 1;
  }
  return distance < 2 ? CUBIC * (((distance - 5) * distance + 8) * distance - 4) : 0;
}
