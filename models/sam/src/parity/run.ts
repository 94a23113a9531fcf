import {
  type Backend,
  type Graph,
  type HostValue,
  interpret,
  type WeightStore,
} from '@samgpu/graph';
import { readFloat32 } from '@samgpu/weights';

/** What a graph gave, wherever it ran. */
export type Outputs = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: ArrayLike<number> }>
>;

/** Runs a graph once. The checks of this folder take one, so that they hold for any backend. */
export type Run = (
  graph: Graph,
  inputs: Readonly<Record<string, HostValue>>,
  weights: WeightStore,
) => Promise<Outputs>;

/** In float64. Takes minutes for whole encoders. */
export const interpreterRun: Run = async (graph, inputs, weights) => {
  const values = new Map<string, Float32Array>();
  for (const node of graph.nodes) {
    if (node.operation === 'weight') {
      const { path } = node.attributes;
      values.set(path, await readFloat32(weights, path));
    }
  }
  return interpret(graph, inputs, (path) => values.get(path)!);
};

export function backendRun(backend: Backend): Run {
  return async (graph, inputs, weights) => {
    const program = await backend.compile(graph, weights);
    try {
      const outputs = Object.entries(await program.run(inputs));
      const read = await Promise.all(
        outputs.map(async ([name, value]) => [name, await value.read()] as const),
      );
      outputs.forEach(([, value]) => value.dispose());
      return Object.fromEntries(read);
    } finally {
      program.dispose();
    }
  };
}
