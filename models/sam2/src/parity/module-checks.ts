import { type Graph, type HostValue, type Tensor, trace, type Weights } from '@samgpu/graph';
import type { ParityCase } from '@samgpu/testing';

import { expectGolden } from '../../../sam/src/parity/golden.ts';
import { channelsFirst } from '../../../sam/src/parity/layout.ts';
import type { ModuleCase } from '../../../sam/src/parity/module-case.ts';
import type { Outputs } from '../../../sam/src/parity/run.ts';
import { hiera, sam2Config } from '../config.ts';
import { weightShapes } from '../weight-shapes.ts';

/** The sizes that all module cases are of; what they hold is the same in all four. */
export const config = sam2Config(hiera.tiny, '2.1');
const shapes = weightShapes(config);

type Inputs = Readonly<Record<string, HostValue>>;
type Build = (inputs: Readonly<Record<string, Tensor>>, w: Weights) => Record<string, Tensor>;

/** A module that is run on some inputs, and what is compared of it. */
export interface Module {
  readonly name: string;
  readonly isLarge?: boolean;
  readonly inputs: Inputs;
  readonly build: Build;
  /** Compares outputs, as they are named in `build`. */
  readonly compare: (outputs: Outputs) => Promise<void>;
}

export function moduleCase(parityCase: ParityCase, module: Module): ModuleCase {
  const weights = parityCase.weights(shapes);
  return {
    name: module.name,
    ...(module.isLarge === undefined ? {} : { isLarge: module.isLarge }),
    async check(run) {
      const graph: Graph = trace(module.name, specs(module.inputs), weights.tensors, module.build);
      await module.compare(await run(graph, module.inputs, weights));
    },
  };
}

function specs(inputs: Inputs): Record<string, { shape: readonly number[]; dtype: 'f32' | 'i32' }> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => [
      name,
      { shape, dtype: data instanceof Int32Array ? ('i32' as const) : ('f32' as const) },
    ]),
  );
}

/** Compares outputs with tensors of a case, whose layout they have. */
export async function compareRows(
  parityCase: ParityCase,
  outputs: Outputs,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [output, name] of Object.entries(names)) {
    await expectGolden(parityCase, name, outputs[output]!.data);
  }
}

/** The same for maps, which the official code keeps with channels first. */
export async function comparePlanes(
  parityCase: ParityCase,
  outputs: Outputs,
  names: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [output, name] of Object.entries(names)) {
    const { data, shape } = outputs[output]!;
    const planes = channelsFirst(data, shape as [number, number, number, number]);
    await expectGolden(parityCase, name, planes);
  }
}
