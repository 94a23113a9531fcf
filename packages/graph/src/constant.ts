import { GraphError } from './graph-error.ts';
import type { DataType } from './node.ts';
import { elementCount, expectPositive, formatShape } from './shape.ts';
import type { Recorder, Tensor } from './tensor.ts';

const LARGEST_I32 = 2 ** 31 - 1;
const SMALLEST_I32 = -(2 ** 31);

/**
 * Records a tensor whose elements are known.
 *
 * @throws GraphError where the elements do not fill the shape, or one is no i32 and has to be
 */
export function recordConstant(
  recorder: Recorder,
  values: Iterable<number>,
  shape: readonly number[],
  dtype: DataType,
): Tensor {
  const data = [...values];
  expectPositive('constant', 'shape', shape);
  if (data.length !== elementCount(shape)) {
    throw new GraphError(
      'constant',
      `got ${data.length} values for ${formatShape(shape)}, wanted ${elementCount(shape)}`,
    );
  }
  if (dtype === 'i32') {
    expectI32('constant', data);
  }
  return recorder.add('constant', [], { data }, [...shape], dtype);
}

/** Checks numbers that stand beside i32 elements or are to become such. */
export function expectI32(operation: string, values: readonly number[]): void {
  const wrong = values.find(
    (value) => !Number.isInteger(value) || value < SMALLEST_I32 || value > LARGEST_I32,
  );
  if (wrong !== undefined) {
    throw new GraphError(operation, `got ${wrong} for i32, wanted a whole number of 32 bits`);
  }
}
