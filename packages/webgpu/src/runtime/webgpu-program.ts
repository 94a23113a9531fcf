import {
  disposeValues,
  type Graph,
  type Program,
  type RunOptions,
  type WeightStore,
} from '@samgpu/graph';

import { withErrorScopes } from '../device/error-scopes.ts';
import type { ProgramMemory } from '../memory/plan-memory.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { orAborted } from './abort.ts';
import type { DeviceState } from './device-state.ts';
import { runGuarded } from './nan-guard.ts';
import { type ProfileEntry, type ProfileOptions, profileSteps } from './profile.ts';
import { checkInputs, type ProgramInputs } from './program-inputs.ts';
import { ProgramResources } from './program-resources.ts';
import type { WebGpuValue } from './webgpu-value.ts';

export interface WebGpuRunOptions extends RunOptions {
  /**
   * `finished` waits until the results are there, so that a lost device is noticed and the run
   * repeated. `submitted` does not: whoever reads or draws the results waits then.
   *
   * @defaultValue 'finished'
   */
  readonly until?: 'finished' | 'submitted' | undefined;
}

/** A graph compiled for a GPU. */
export interface WebGpuProgram extends Program {
  /** Device memory that it takes. */
  readonly memory: ProgramMemory;
  run(inputs: ProgramInputs, options?: WebGpuRunOptions): Promise<Record<string, WebGpuValue>>;
  /** Measures the time of every kernel on the device. */
  profile(options?: ProfileOptions): Promise<readonly ProfileEntry[]>;
}

/** What programs share with the backend that made them. */
export interface ProgramOwner {
  /** A device that is not lost. @throws WebGpuError `device-lost` or `disposed` */
  liveState(): Promise<DeviceState>;
  readonly debug: boolean;
}

export class GpuProgram implements WebGpuProgram {
  readonly graph: Graph;
  private readonly owner: ProgramOwner;
  private readonly store: WeightStore;
  private current: { state: DeviceState; resources: Promise<ProgramResources> } | undefined;
  private latest: ProgramResources | undefined;
  private disposed = false;

  constructor(graph: Graph, owner: ProgramOwner, store: WeightStore) {
    this.graph = graph;
    this.owner = owner;
    this.store = store;
  }

  get memory(): ProgramMemory {
    return this.latest!.memory;
  }

  /** Makes everything that runs need on the device of now. */
  async prepare(signal?: AbortSignal): Promise<ProgramResources> {
    const state = await this.owner.liveState();
    if (this.current?.state !== state) {
      const resources = ProgramResources.create(state, this.graph, this.store, signal);
      this.current = { state, resources };
      resources.then(
        (made) => {
          this.latest = made;
        },
        () => {
          if (this.current?.resources === resources) {
            this.current = undefined;
          }
        },
      );
    }
    const resources = await this.current.resources;
    this.latest = resources;
    return resources;
  }

  async run(
    inputs: ProgramInputs,
    { signal, until = 'finished' }: WebGpuRunOptions = {},
  ): Promise<Record<string, WebGpuValue>> {
    this.expectAlive();
    signal?.throwIfAborted();
    const running = retryOnce(() => this.attempt(inputs, until));
    return orAborted(running, signal, disposeValues);
  }

  async profile(options: ProfileOptions = {}): Promise<readonly ProfileEntry[]> {
    this.expectAlive();
    const resources = await this.prepare();
    if (options.inputs !== undefined) {
      disposeValues(await this.run(options.inputs));
    }
    return profileSteps(resources, options);
  }

  dispose(): void {
    if (!this.disposed) {
      this.disposed = true;
      this.current?.resources.then(
        (resources) => resources.dispose(),
        () => undefined,
      );
    }
  }

  private async attempt(
    inputs: ProgramInputs,
    until: 'finished' | 'submitted',
  ): Promise<Record<string, WebGpuValue>> {
    const resources = await this.prepare();
    this.expectAlive();
    const { state, memory } = resources;
    const checked = checkInputs(this.graph, inputs, state);
    if (this.owner.debug) {
      return runGuarded(resources, checked);
    }
    let results: Record<string, WebGpuValue> = {};
    try {
      await withErrorScopes(
        state.device,
        `a run of "${this.graph.name}"`,
        memory.outputBytes,
        () => {
          results = resources.submit(checked);
        },
      );
      if (until === 'finished') {
        await state.finished();
      }
      state.expectLive();
      return results;
    } catch (error) {
      resources.forgetInputs();
      disposeValues(results);
      throw error;
    }
  }

  private expectAlive(): void {
    if (this.disposed) {
      throw new WebGpuError(
        'disposed',
        `program "${this.graph.name}" was run after it was disposed of; compile the graph again`,
      );
    }
  }
}

/** Does it again where the device was lost: the second time on a new one. */
export async function retryOnce<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof WebGpuError && error.code === 'device-lost') {
      return attempt();
    }
    throw error;
  }
}
