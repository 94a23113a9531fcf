import type { Kernel } from '@samgpu/kernels';

import type { Pipeline } from '../runtime/pipeline-cache.ts';
import type { DeviceState } from '../runtime/device-state.ts';

interface Dispatch {
  readonly kernel: Kernel;
  readonly compiled: Pipeline;
  readonly group: GPUBindGroup;
}

/** Kernels that run one after the other in one pass, many times the same with the same buffers. */
export class DispatchList {
  readonly #state: DeviceState;
  readonly #pipelines: ReadonlyMap<Kernel, Pipeline>;
  readonly #buffers = new Map<string, GPUBuffer>();
  readonly #known = new Map<Kernel, Map<string, Dispatch>>();
  readonly #dispatches: Dispatch[] = [];

  private constructor(state: DeviceState, pipelines: ReadonlyMap<Kernel, Pipeline>) {
    this.#state = state;
    this.#pipelines = pipelines;
  }

  /** @param kernels - all that will be added */
  static async compile(state: DeviceState, kernels: readonly Kernel[]): Promise<DispatchList> {
    const compiled = await Promise.all(
      kernels.map(async (kernel) => [kernel, await state.pipelines.get(kernel)] as const),
    );
    return new DispatchList(state, new Map(compiled));
  }

  /** Names buffers, as the bindings of kernels name them. */
  give(buffers: Readonly<Record<string, GPUBuffer>>): void {
    for (const [name, buffer] of Object.entries(buffers)) this.#buffers.set(name, buffer);
  }

  /** @param names - of bindings that take a buffer with another name */
  add(kernel: Kernel, names: Readonly<Record<string, string>> = {}): void {
    const known = this.#known.get(kernel) ?? new Map<string, Dispatch>();
    this.#known.set(kernel, known);
    const key = JSON.stringify(names);
    const dispatch = known.get(key) ?? this.#prepare(kernel, names);
    known.set(key, dispatch);
    this.#dispatches.push(dispatch);
  }

  #prepare(kernel: Kernel, names: Readonly<Record<string, string>>): Dispatch {
    const compiled = this.#pipelines.get(kernel)!;
    const group = this.#state.device.createBindGroup({
      label: kernel.label,
      layout: compiled.layout,
      entries: kernel.bindings.map(({ name }, binding) => ({
        binding,
        resource: { buffer: this.#buffers.get(names[name] ?? name)! },
      })),
    });
    return { kernel, compiled, group };
  }

  record(encoder: GPUCommandEncoder): void {
    const pass = encoder.beginComputePass({ label: 'matte' });
    for (const { kernel, compiled, group } of this.#dispatches) {
      pass.setPipeline(compiled.pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...kernel.workgroups);
    }
    pass.end();
  }
}
