/**
 * One thing to time on two engines: a graph, its inputs and its weights.
 *
 * A kernel's case draws its operands on the device, from a weight and a number that comes in, and
 * hands out a few elements: what is timed is the kernel, not the way to the device and back. The
 * same computation with its whole output is compared before anything is timed.
 */
import {
  add,
  elementCount,
  type Graph,
  type HostValue,
  slice,
  type Tensor,
  trace,
  type Weights,
  type WeightStore,
} from '@samgpu/graph';

import { graphTraffic } from './graph-traffic.ts';
import { OPERANDS, RandomWeights } from './random-weights.ts';

/** Shapes by name. */
type Shapes = Readonly<Record<string, readonly number[]>>;

export interface BenchmarkCase {
  /** Starts with the kernel: `matmul 196x768x2304`. */
  readonly name: string;
  /** What is timed. */
  readonly timed: Graph;
  /** The same with whole outputs, to be compared. */
  readonly checked: Graph;
  readonly inputs: Readonly<Record<string, HostValue>>;
  readonly weights: WeightStore;
  /** Multiplications and additions. */
  readonly flops: number;
  /** The least that is to be read and written, in bytes; see {@link graphTraffic}. */
  readonly traffic: number;
  /** Largest difference between the engines, relative to the largest element of an output. */
  readonly tolerance: number;
}

export interface KernelCase {
  readonly name: string;
  readonly operands: Shapes;
  readonly weights?: Shapes;
  readonly flops: number;
  readonly build: (operands: Readonly<Record<string, Tensor>>, weights: Weights) => Tensor;
}

/** Two engines in f32, each with its own order of sums over up to some thousand products. */
const TOLERANCE = 1e-4;

export function kernelCase({
  name,
  operands,
  weights = {},
  flops,
  build,
}: KernelCase): BenchmarkCase {
  const paths = Object.fromEntries(
    Object.entries(operands).map(([operand, shape]) => [`${OPERANDS}${operand}`, shape]),
  );
  const store = new RandomWeights(name, new Map(Object.entries({ ...paths, ...weights })));
  const record = (finish: (result: Tensor) => Tensor): Graph =>
    trace(name, { zero: { shape: [1] } }, store.tensors, ({ zero }, w) => {
      // Added on the device, so that nothing can be computed ahead.
      const drawn = Object.fromEntries(
        Object.keys(operands).map((operand) => [
          operand,
          add(w.tensor(`${OPERANDS}${operand}`), zero),
        ]),
      );
      return { result: finish(build(drawn, w)) };
    });
  const checked = record((result) => result);
  return {
    name,
    timed: record(fewElements),
    checked,
    inputs: { zero: { shape: [1], data: new Float32Array(1) } },
    weights: store,
    flops,
    traffic: graphTraffic(checked),
    tolerance: TOLERANCE,
  };
}

function fewElements(result: Tensor): Tensor {
  return result.shape.reduce((part, size, axis) => slice(part, axis, size - 1, size), result);
}

/** Multiplications and additions of a product of matrices. */
export function productFlops(rows: number, inner: number, columns: number): number {
  return 2 * rows * inner * columns;
}

/** Multiplications and additions of attention: scores, and their products with the values. */
export function attentionFlops(queries: readonly number[], keys: number, width: number): number {
  return 4 * elementCount(queries) * keys * width;
}
