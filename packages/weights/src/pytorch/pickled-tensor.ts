import { dtypeSize, type WeightDtype } from '../dtype.ts';
import type { WeightInfo } from '../weight-store.ts';
import { quote } from '../weights-error.ts';
import type { PickleContext } from './pickle-values.ts';

/** A class such as `torch.FloatStorage`. */
export class StorageType {
  readonly name: string;
  /** Undefined for storages that are counted in bytes. */
  readonly dtype: WeightDtype | undefined;

  constructor(name: string, dtype: WeightDtype | undefined) {
    this.name = name;
    this.dtype = dtype;
  }
}

/** A block of memory that tensors are views of. Its bytes lie elsewhere in the file. */
export class StorageReference {
  readonly key: string;
  readonly type: StorageType;
  readonly byteLength: number;

  constructor(key: string, type: StorageType, byteLength: number) {
    this.key = key;
    this.type = type;
    this.byteLength = byteLength;
  }
}

/** A view of a storage, checked to lie inside it. Offset and strides are in elements. */
export class PickledTensor implements WeightInfo {
  readonly storage: StorageReference;
  readonly dtype: WeightDtype;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;

  constructor(
    storage: StorageReference,
    dtype: WeightDtype,
    shape: readonly number[],
    strides: readonly number[],
    offset: number,
  ) {
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }
}

/** @throws WeightsError unless all numbers are counts and the tensor lies inside its storage */
export function checkedTensor(tensor: PickledTensor, { fail }: PickleContext): PickledTensor {
  const { storage, dtype, shape, strides, offset } = tensor;
  if (shape.length !== strides.length) {
    throw fail(
      'shape',
      `a tensor has ${shape.length} axes and ${strides.length} strides, expected as many of both`,
    );
  }
  const numbers = [...shape, ...strides, offset];
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw fail(
      'shape',
      `a tensor has shape ${quote(shape)}, strides ${quote(strides)} and offset ${quote(offset)}, ` +
        'expected whole numbers from 0 to 2^53 - 1',
    );
  }
  const elementSize = dtypeSize(dtype);
  // In floating point: what is too large for exact arithmetic is too large for any storage.
  const byteLength = shape.reduce((product, length) => product * length, elementSize);
  const isEmpty = shape.includes(0);
  if (!isEmpty && !(byteLength <= Number.MAX_SAFE_INTEGER)) {
    throw fail('shape', `a tensor has shape ${quote(shape)}, which is more than 2^53 bytes`);
  }
  const end = (offset + spanOf(shape, strides)) * elementSize;
  if (!isEmpty && !(end <= storage.byteLength)) {
    throw fail(
      'offsets',
      `a tensor of ${dtype} ${quote(shape)} with strides ${quote(strides)} from element ${offset} on ends at byte ${end} ` +
        `of storage ${quote(storage.key)}, which has ${storage.byteLength}`,
    );
  }
  return tensor;
}

/** From the first element to the end of the last, in elements; 0 if there are none. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) {
    return 0;
  }
  return shape.reduce((span, length, axis) => span + (length - 1) * strides[axis]!, 1);
}
