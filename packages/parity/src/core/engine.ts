/** Where graphs run, seen the same for every backend and for the interpreter. */
import {
  type Backend,
  disposeValues,
  type Graph,
  type HostValue,
  interpret,
  type WeightStore,
} from '@samgpu/graph';
import { toFloat32 } from '@samgpu/weights';
import type { SegmenterOptions } from 'samgpu';

export const BACKEND_NAMES = ['onnx', 'webgpu', 'onnx-web', 'interpreter'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** What a graph gave, wherever it ran. */
export type Outputs = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>
>;

/** A graph that is ready to run. */
export interface Runnable {
  run(inputs: Readonly<Record<string, HostValue>>): Promise<Outputs>;
  dispose(): void;
}

export interface Engine {
  readonly name: BackendName;
  /** For people. */
  readonly description: string;
  compile(graph: Graph, weights: WeightStore): Promise<Runnable>;
  /** What it compiles with; the interpreter has none. */
  readonly backend: Backend | undefined;
  /** How `Segmenter.load` gets the same; undefined where it cannot. */
  readonly segmenter: Pick<SegmenterOptions, 'backend' | 'onnx'> | undefined;
  dispose(): void;
}

/** @throws where the backend does not run on this machine; the message says why */
export async function openEngine(name: BackendName): Promise<Engine> {
  if (name === 'interpreter') {
    return interpreter;
  }
  // Each is loaded only where it runs.
  if (name === 'webgpu') {
    const { createWebGpuBackend } = await import('@samgpu/webgpu');
    return backendEngine(name, await createWebGpuBackend(), { backend: 'webgpu' });
  }
  const { createOnnxBackend } = await import('@samgpu/onnx');
  const onnx = { runtime: name === 'onnx' ? 'node' : 'web' } as const;
  return backendEngine(name, await createOnnxBackend(onnx), { backend: 'onnx', onnx });
}

/** Runs a graph once. */
export async function runOnce(
  engine: Pick<Engine, 'compile'>,
  graph: Graph,
  inputs: Readonly<Record<string, HostValue>>,
  weights: WeightStore,
): Promise<Outputs> {
  const program = await engine.compile(graph, weights);
  try {
    return await program.run(inputs);
  } finally {
    program.dispose();
  }
}

/** The graph's own definition, in float64. Takes minutes for whole encoders. */
const interpreter: Engine = {
  name: 'interpreter',
  description: 'interpreter, float64',
  backend: undefined,
  segmenter: undefined,
  async compile(graph, weights) {
    const values = new Map<string, Float32Array>();
    for (const node of graph.nodes) {
      if (node.operation === 'weight') {
        const { path, stored } = node.attributes;
        values.set(path, toFloat32(await weights.read(path), stored));
      }
    }
    return {
      run: async (inputs) => interpret(graph, inputs, (path) => values.get(path)!),
      dispose: () => values.clear(),
    };
  },
  dispose: () => undefined,
};

function backendEngine(
  name: BackendName,
  backend: Backend,
  segmenter: Engine['segmenter'],
): Engine {
  return {
    name,
    description: backend.description,
    backend,
    segmenter,
    async compile(graph, weights) {
      const program = await backend.compile(graph, weights);
      return {
        async run(inputs) {
          const outputs = await program.run(inputs);
          try {
            const read = Object.entries(outputs).map(
              async ([key, value]) => [key, await value.read()] as const,
            );
            return Object.fromEntries(await Promise.all(read));
          } finally {
            disposeValues(outputs);
          }
        },
        dispose: () => program.dispose(),
      };
    },
    dispose: () => backend.dispose(),
  };
}
