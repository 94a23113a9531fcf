import {
  elementCount,
  type Graph,
  type HostValue,
  interpret,
  type NumericArray,
  type Tensor,
  trace,
  type WeightInfo,
  type Weights,
  type WeightStore,
} from '@samgpu/graph';

import { fnv1a32 } from '../hash.ts';
import { seededValues } from '../seeded-values.ts';

/** Range of the values of an operand; whole numbers are i32 unless `float` says otherwise. */
export interface OperandSpec {
  readonly shape: readonly number[];
  /** @defaultValue -1 */
  readonly from?: number;
  /** Not included. @defaultValue 1 */
  readonly to?: number;
  /** Whole numbers as i32. @defaultValue false */
  readonly integer?: boolean;
  /** These values instead of drawn ones, repeated as often as needed. */
  readonly values?: readonly number[];
}

/** One use of an operation that every backend must agree on with the interpreter. */
export interface OperationCase {
  readonly name: string;
  readonly inputs: Readonly<Record<string, OperandSpec>>;
  readonly weights?: Readonly<Record<string, OperandSpec>>;
  build(inputs: Readonly<Record<string, Tensor>>, weights: Weights): Tensor;
  /**
   * Largest error allowed in f32, relative to max(1, |expected|).
   *
   * @defaultValue 2e-6: a few roundings of values around 1
   */
  readonly tolerance?: number;
}

/** A case with its values drawn and its result computed in float64. */
export interface PreparedCase {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, HostValue>>;
  readonly weights: WeightStore;
  readonly expected: NumericArray;
  readonly tolerance: number;
}

const TOLERANCE = 2e-6;

/** Draws the operands of a case, the same on every machine, and computes what is to come out. */
export function prepareCase(operationCase: OperationCase): PreparedCase {
  const inputs: Record<string, HostValue> = {};
  const specs: Record<string, { shape: readonly number[]; dtype: 'f32' | 'i32' }> = {};
  for (const [name, spec] of Object.entries(operationCase.inputs)) {
    inputs[name] = { shape: spec.shape, data: drawOperand(spec, `${operationCase.name}/${name}`) };
    specs[name] = { shape: spec.shape, dtype: spec.integer === true ? 'i32' : 'f32' };
  }
  const values = new Map<string, Float32Array>();
  const infos = new Map<string, WeightInfo>();
  for (const [path, spec] of Object.entries(operationCase.weights ?? {})) {
    values.set(path, Float32Array.from(drawOperand(spec, `${operationCase.name}/${path}`)));
    infos.set(path, { shape: spec.shape, dtype: 'f32' });
  }
  const graph = trace(operationCase.name, specs, infos, (tensors, weights) => ({
    result: operationCase.build(tensors, weights),
  }));
  const valueOf = (path: string): Float32Array => {
    const data = values.get(path);
    if (data === undefined) {
      throw new Error(`case "${operationCase.name}" has no weight "${path}"`);
    }
    return data;
  };
  const { result } = interpret(graph, inputs, valueOf);
  if (result === undefined) {
    throw new Error(`case "${operationCase.name}" gave no result`);
  }
  return {
    graph,
    inputs,
    weights: {
      tensors: infos,
      fingerprint: `case:${operationCase.name}`,
      read: async (path) => new Uint8Array(valueOf(path).buffer),
    },
    expected: result,
    tolerance: operationCase.tolerance ?? TOLERANCE,
  };
}

function drawOperand(spec: OperandSpec, seedText: string): Float32Array | Int32Array {
  const count = elementCount(spec.shape);
  const from = spec.from ?? -1;
  const span = (spec.to ?? 1) - from;
  const uniform = seededValues(count, fnv1a32(seedText)); // -1 to 1
  const drawn = (index: number): number => {
    const given = spec.values;
    if (given !== undefined) {
      return given[index % given.length] ?? 0;
    }
    const value = from + (uniform[index]! * 0.5 + 0.5) * span;
    return spec.integer === true ? Math.floor(value) : value;
  };
  return spec.integer === true
    ? Int32Array.from({ length: count }, (_, index) => drawn(index))
    : Float32Array.from({ length: count }, (_, index) => drawn(index));
}
