import { type HostValue, type Tensor, trace, type Weights } from '@samgpu/graph';
import { hiera, type Sam2Config, sam2Config, weightShapes } from '@samgpu/sam2';

import type { Outputs } from '../core/engine.ts';
import type { ModuleCheck, ModuleRun } from './module-run.ts';

/** The sizes that all module cases are of; what they hold is the same in all four. */
export const config: Sam2Config = sam2Config(hiera.tiny, '2.1');
const shapes = weightShapes(config);

/** A module that is run on some inputs, and what is compared of it. */
export interface Sam2Module {
  readonly name: string;
  /** Too much for the float64 interpreter, which then leaves it out. */
  readonly isLarge?: boolean;
  readonly inputs: (run: ModuleRun) => Readonly<Record<string, HostValue>>;
  readonly build: (
    inputs: Readonly<Record<string, Tensor>>,
    w: Weights,
  ) => Readonly<Record<string, Tensor>>;
  /** Outputs that have the layout of the official tensors, by their names there. */
  readonly rows?: Readonly<Record<string, string>>;
  /** Maps, which the official code keeps with channels first. */
  readonly planes?: Readonly<Record<string, string>>;
  /** Whatever else is to be compared. */
  readonly more?: (run: ModuleRun, outputs: Outputs) => Promise<void>;
}

export function sam2Module({
  name,
  isLarge = false,
  rows,
  planes,
  ...module
}: Sam2Module): ModuleCheck {
  return {
    name,
    isLarge,
    async check(run) {
      const weights = run.weights(shapes);
      const inputs = module.inputs(run);
      const specs = Object.fromEntries(
        Object.entries(inputs).map(([input, { shape, data }]) => [
          input,
          { shape, dtype: data instanceof Int32Array ? ('i32' as const) : ('f32' as const) },
        ]),
      );
      const graph = trace(name, specs, weights.tensors, module.build);
      const outputs = await run.run(graph, inputs, weights);
      await module.more?.(run, outputs);
      for (const [output, tensor] of Object.entries(rows ?? {})) {
        await run.compare(tensor, outputs[output]!.data);
      }
      for (const [output, tensor] of Object.entries(planes ?? {})) {
        await run.comparePlanes(tensor, outputs[output]!);
      }
    },
  };
}
