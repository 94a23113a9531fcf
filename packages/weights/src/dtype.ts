import { quote, WeightsError } from './weights-error.ts';

/** How a stored tensor's elements are encoded. All are little-endian; `bool` is one byte, 0 or 1. */
export type WeightDtype =
  | 'f64'
  | 'f32'
  | 'f16'
  | 'bf16'
  | 'i64'
  | 'i32'
  | 'i16'
  | 'i8'
  | 'u8'
  | 'bool';

// In the order in which the official writer lays tensors out: widest first, so that each stays aligned.
const formats = [
  ['i64', 'I64', 8],
  ['f64', 'F64', 8],
  ['f32', 'F32', 4],
  ['i32', 'I32', 4],
  ['bf16', 'BF16', 2],
  ['f16', 'F16', 2],
  ['i16', 'I16', 2],
  ['i8', 'I8', 1],
  ['u8', 'U8', 1],
  ['bool', 'BOOL', 1],
] as const satisfies readonly (readonly [WeightDtype, string, number])[];

const byDtype: ReadonlyMap<
  string,
  { readonly name: string; readonly size: number; readonly rank: number }
> = new Map(formats.map(([dtype, name, size], rank) => [dtype, { name, size, rank }]));
const byName: ReadonlyMap<unknown, WeightDtype> = new Map(
  formats.map(([dtype, name]) => [name, dtype]),
);

function formatOf(dtype: WeightDtype): { name: string; size: number; rank: number } {
  const format = byDtype.get(dtype);
  if (format === undefined) {
    throw new WeightsError(
      'dtype',
      `dtype is ${quote(dtype)}, expected one of ${[...byDtype.keys()].join(', ')}`,
    );
  }
  return format;
}

/** Bytes per element. */
export function dtypeSize(dtype: WeightDtype): number {
  return formatOf(dtype).size;
}

/** The name in a safetensors header, such as `F32`. */
export function safetensorsName(dtype: WeightDtype): string {
  return formatOf(dtype).name;
}

/** Position in the official writer's layout, 0 first. */
export function layoutRank(dtype: WeightDtype): number {
  return formatOf(dtype).rank;
}

/** @throws WeightsError if the name stands for no dtype that this library reads */
export function parseSafetensorsName(name: unknown, tensor: string): WeightDtype {
  const dtype = byName.get(name);
  if (dtype === undefined) {
    throw new WeightsError(
      'dtype',
      `tensor ${quote(tensor)} has dtype ${quote(name)}, ` +
        `expected one of ${[...byName.values()].map((known) => safetensorsName(known)).join(', ')}`,
    );
  }
  return dtype;
}
