/**
 * What every backend offers: graphs are compiled to programs, programs run on values.
 *
 * These stand here, so that callers know no backend and backends do not know each other.
 */
import type { DataType, Graph } from './node.ts';
import type { WeightStore } from './weight-store.ts';

/** Elements in the memory of JavaScript, row-major. */
export interface HostValue {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/**
 * A value that a program gave, wherever its backend keeps it.
 *
 * The caller owns it, and disposes of it when done. It can be fed to any program of its backend.
 */
export interface DeviceValue {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** Bytes that it holds on its device. */
  readonly bytes: number;
  /** Copies the elements to JavaScript. */
  read(): Promise<HostValue>;
  /** Frees it. Doing so twice is harmless; using it afterwards throws. */
  dispose(): void;
}

/** Frees the values that a program gave. */
export function disposeValues(values: Readonly<Record<string, DeviceValue>>): void {
  for (const value of Object.values(values)) {
    value.dispose();
  }
}

export interface RunOptions {
  /** Stops waiting for the result: the run rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A compiled graph with its weights. */
export interface Program {
  readonly graph: Graph;
  /**
   * Runs the graph once. Runs of one program may be started at the same time; they do not mix.
   *
   * @param inputs - one value for each input of the graph, shapes and dtypes as traced
   * @returns one value for each output of the graph, owned by the caller
   */
  run(
    inputs: Readonly<Record<string, HostValue | DeviceValue>>,
    options?: RunOptions,
  ): Promise<Record<string, DeviceValue>>;
  /** Frees the program; its outputs stay valid. */
  dispose(): void;
}

export interface CompileOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A place where graphs run. */
export interface Backend {
  /** Short name for people and logs, for example `onnx (onnxruntime-node, CPU)`. */
  readonly description: string;
  readonly kind: 'webgpu' | 'onnx';
  /**
   * Makes a graph ready to run. Compiling the same graph with the same weights again is cheap:
   * what is expensive is kept and shared until the last program of it is disposed of.
   */
  compile(graph: Graph, weights: WeightStore, options?: CompileOptions): Promise<Program>;
  /** Frees what the backend keeps. Its programs and values cannot be used afterwards. */
  dispose(): void;
}
