import type { Graph, WeightStore } from '@samgpu/graph';

import { withErrorScopes } from '../device/error-scopes.ts';
import { BUFFER_USAGE } from '../device/gpu-constants.ts';
import { type MemoryPlan, planMemoryOf, type ProgramMemory } from '../memory/plan-memory.ts';
import { planProgram } from '../plan/plan-program.ts';
import type { BoundValue, ProgramPlan, Step } from '../plan/program-plan.ts';
import type { DeviceState } from './device-state.ts';
import type { Lease } from './lease-cache.ts';
import type { Pipeline } from './pipeline-cache.ts';
import type { CheckedInput } from './program-inputs.ts';
import type { ArenaClaim } from './shared-arenas.ts';
import { leaseStatic } from './upload.ts';
import { WebGpuValue } from './webgpu-value.ts';

/** A program on one device: everything that a run needs exists already. */
export class ProgramResources {
  readonly state: DeviceState;
  readonly plan: ProgramPlan;
  readonly memory: ProgramMemory;
  private readonly placements: MemoryPlan['placements'];
  private readonly arenas: ArenaClaim;
  private readonly leases: readonly Lease<GPUBuffer>[];
  private readonly pipelines: readonly Pipeline[];
  /** Buffers of inputs and static tensors, by value. */
  private readonly buffers: ReadonlyMap<number, GPUBuffer>;
  private readonly inputs: ReadonlyMap<string, GPUBuffer>;
  /** What an input's buffer holds already; values never change. */
  private readonly held = new Map<string, WebGpuValue>();
  private groups: readonly GPUBindGroup[] = [];
  private groupsVersion = -1;

  private constructor(
    state: DeviceState,
    plan: ProgramPlan,
    memory: MemoryPlan,
    parts: {
      readonly arenas: ArenaClaim;
      readonly leases: readonly Lease<GPUBuffer>[];
      readonly pipelines: readonly Pipeline[];
      readonly buffers: ReadonlyMap<number, GPUBuffer>;
      readonly inputs: ReadonlyMap<string, GPUBuffer>;
    },
  ) {
    this.state = state;
    this.plan = plan;
    this.memory = memory.memory;
    this.placements = memory.placements;
    this.arenas = parts.arenas;
    this.leases = parts.leases;
    this.pipelines = parts.pipelines;
    this.buffers = parts.buffers;
    this.inputs = parts.inputs;
    state.owners.add(this);
  }

  /** @throws WebGpuError `unsupported`, `weights`, `out-of-memory`, `validation` or `device-lost` */
  static async create(
    state: DeviceState,
    graph: Graph,
    store: WeightStore,
    signal?: AbortSignal,
  ): Promise<ProgramResources> {
    state.expectLive();
    const plan = planProgram(graph, state.planDevice);
    const memory = planMemoryOf(plan, state.arenaLimits);
    // Compilers work beside the uploads.
    const compiling = Promise.all(plan.steps.map(({ kernel }) => state.pipelines.get(kernel)));
    compiling.catch(() => undefined);
    const leases: Lease<GPUBuffer>[] = [];
    const inputs = new Map<string, GPUBuffer>();
    let arenas: ArenaClaim | undefined;
    try {
      const buffers = new Map<number, GPUBuffer>();
      for (const [value, planned] of plan.values.entries()) {
        if (planned.origin.kind === 'static') {
          const lease = await leaseStatic(state, planned, planned.origin, store);
          leases.push(lease);
          buffers.set(value, lease.thing);
          signal?.throwIfAborted();
        }
      }
      arenas = await state.arenas.claim(memory.arenas, graph.name);
      const { inputBytes } = memory.memory;
      await withErrorScopes(state.device, `the inputs of "${graph.name}"`, inputBytes, () => {
        for (const [value, { origin, bytes, label }] of plan.values.entries()) {
          if (origin.kind === 'input') {
            const buffer = inputBuffer(state.device, bytes, label);
            inputs.set(origin.name, buffer);
            buffers.set(value, buffer);
          }
        }
      });
      const pipelines = await compiling;
      signal?.throwIfAborted();
      state.expectLive();
      const parts = { arenas, leases, pipelines, buffers, inputs };
      const resources = new ProgramResources(state, plan, memory, parts);
      await withErrorScopes(state.device, `the bind groups of "${graph.name}"`, 0, () =>
        resources.bind(),
      );
      return resources;
    } catch (error) {
      leases.forEach((lease) => lease.release());
      inputs.forEach((buffer) => buffer.destroy());
      arenas?.release();
      throw error;
    }
  }

  /**
   * Submits one run and does not wait for it. Between the first write and the submission nothing
   * else can run, and a device works in order: that is what keeps simultaneous runs apart.
   */
  submit(inputs: ReadonlyMap<string, CheckedInput>): Record<string, WebGpuValue> {
    const { device } = this.state;
    const encoder = device.createCommandEncoder({ label: 'run' });
    this.writeInputs(inputs, encoder);
    const pass = encoder.beginComputePass({ label: 'run' });
    const groups = this.bind();
    this.plan.steps.forEach((_, index) => this.dispatch(pass, index, groups));
    pass.end();
    const results = this.copyResults(encoder);
    device.queue.submit([encoder.finish()]);
    return results;
  }

  /** After a run that may not have happened: what the inputs hold is unknown. */
  forgetInputs(): void {
    this.held.clear();
  }

  /** Fills the buffers of inputs; copies between buffers are recorded. */
  writeInputs(inputs: ReadonlyMap<string, CheckedInput>, encoder: GPUCommandEncoder): void {
    for (const [name, source] of inputs) {
      const buffer = this.inputs.get(name)!;
      if (!(source instanceof WebGpuValue)) {
        this.held.delete(name);
        this.state.device.queue.writeBuffer(buffer, 0, source);
      } else if (this.held.get(name) !== source) {
        this.held.set(name, source);
        encoder.copyBufferToBuffer(source.buffer, 0, buffer, 0, source.bytes);
      }
    }
  }

  /** Copies what leaves the program out of memory that the next run writes to. */
  copyResults(encoder: GPUCommandEncoder): Record<string, WebGpuValue> {
    const results: Record<string, WebGpuValue> = {};
    for (const { name, shape, dtype, bytes, ...place } of this.plan.outputs) {
      const target = this.state.results.take(bytes, `result ${name}`);
      const { buffer, offset } = this.locate(place);
      encoder.copyBufferToBuffer(buffer, offset, target, 0, bytes);
      results[name] = new WebGpuValue(this.state, target, shape, dtype);
    }
    return results;
  }

  /** Bind groups for all steps, made anew only when the shared memory has grown. */
  bind(): readonly GPUBindGroup[] {
    const { version } = this.state.arenas;
    if (this.groupsVersion !== version) {
      this.groups = this.plan.steps.map((step, index) => this.groupOf(step, index));
      this.groupsVersion = version;
    }
    return this.groups;
  }

  dispatch(pass: GPUComputePassEncoder, index: number, groups: readonly GPUBindGroup[]): void {
    pass.setPipeline(this.pipelines[index]!.pipeline);
    pass.setBindGroup(0, groups[index]!);
    pass.dispatchWorkgroups(...this.plan.steps[index]!.kernel.workgroups);
  }

  /** The buffer of a value and where in it the value lies. */
  locate({ value, offset }: BoundValue): { buffer: GPUBuffer; offset: number } {
    const placement = this.placements.get(value);
    if (placement === undefined) {
      return { buffer: this.buffers.get(value)!, offset };
    }
    const buffer = this.arenas.buffers()[placement.arena]!;
    return { buffer, offset: placement.offset + offset };
  }

  dispose(): void {
    this.state.owners.delete(this);
    this.leases.forEach((lease) => lease.release());
    this.inputs.forEach((buffer) => buffer.destroy());
    this.arenas.release();
    this.held.clear();
  }

  private groupOf(step: Step, index: number): GPUBindGroup {
    return this.state.device.createBindGroup({
      label: step.label,
      layout: this.pipelines[index]!.layout,
      entries: step.operands.map((operand, binding) => ({
        binding,
        resource: {
          ...this.locate(operand),
          size: this.plan.values[operand.value]!.bytes - operand.offset,
        },
      })),
    });
  }
}

function inputBuffer(device: GPUDevice, bytes: number, label: string): GPUBuffer {
  return device.createBuffer({
    label,
    size: bytes,
    usage: BUFFER_USAGE.storage | BUFFER_USAGE.copySource | BUFFER_USAGE.copyDestination,
  });
}
