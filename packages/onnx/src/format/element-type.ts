import type { DataType, StoredType } from '@samgpu/graph';

/** Element types of ONNX tensors, with the numbers of `TensorProto.DataType` in onnx.proto3. */
export const ELEMENT_TYPES = {
  float: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  double: 11,
  bfloat16: 16,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** What a value of a graph is while it runs. */
export const ELEMENT_OF_DATA: { readonly [Type in DataType]: 'float' | 'int32' } = {
  f32: 'float',
  i32: 'int32',
};

/** Bytes of one element, for the types that weights are stored in. */
export const STORED_BYTES: { readonly [Type in StoredType]: number } = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
};
