import type { Graph } from '@samgpu/graph';
import { MINIMAL_DEVICE } from '@samgpu/kernels';

import { planProgram } from '../plan/plan-program.ts';
import type { PlanDevice } from '../plan/planner.ts';
import type { ProgramPlan } from '../plan/program-plan.ts';
import {
  type Access,
  type ArenaLimits,
  type ArenaPlan,
  expectBindable,
  planArenas,
  type Span,
} from './plan-arenas.ts';

/** Device memory of a program, in bytes. */
export interface ProgramMemory {
  /** Weights and other static tensors. Programs of one backend share equal ones. */
  readonly weightsBytes: number;
  /** Intermediate values, by liveness. Programs of one backend share them: they take turns. */
  readonly arenaBytes: number;
  readonly inputBytes: number;
  /** Of one run. */
  readonly outputBytes: number;
}

/** Where the computed values of a plan lie, and how much memory all of it takes. */
export interface MemoryPlan {
  readonly arenas: readonly number[];
  /** For each value of the plan that steps compute. */
  readonly placements: ReadonlyMap<number, { readonly arena: number; readonly offset: number }>;
  readonly memory: ProgramMemory;
}

/** @throws WebGpuError `unsupported` for a value that does not fit the limits */
export function planMemoryOf(plan: ProgramPlan, limits: ArenaLimits): MemoryPlan {
  expectBindable(plan.values, limits);
  const computed = plan.values.flatMap(({ origin }, value) =>
    origin.kind === 'computed' ? [value] : [],
  );
  const positions = new Map(computed.map((value, position) => [value, position]));
  const positionsOf = (values: readonly number[]): number[] =>
    values.flatMap((value) => positions.get(value) ?? []);
  const accesses = plan.steps.map(({ kernel, operands }): Access => {
    const touched = (access: 'read' | 'read-write'): number[] =>
      operands.flatMap(({ value }, index) =>
        kernel.bindings[index]!.access === access ? [value] : [],
      );
    return { reads: positionsOf(touched('read')), writes: positionsOf(touched('read-write')) };
  });
  const { arenas, placements } = planArenas(spansOf(plan, computed, accesses), accesses, limits);
  return {
    arenas,
    placements: new Map(computed.map((value, position) => [value, placements[position]!])),
    memory: memoryOf(plan, { arenas, placements }),
  };
}

function spansOf(
  plan: ProgramPlan,
  computed: readonly number[],
  accesses: readonly Access[],
): Span[] {
  const spans = computed.map((value) => {
    const { bytes, label } = plan.values[value]!;
    return { bytes, label, first: Number.POSITIVE_INFINITY, last: -1 };
  });
  for (const [step, { reads, writes }] of accesses.entries()) {
    for (const position of [...reads, ...writes]) {
      const span = spans[position]!;
      span.first = Math.min(span.first, step);
      span.last = step;
    }
  }
  // What leaves the program is copied after the last step.
  for (const { value } of plan.outputs) {
    const position = computed.indexOf(value);
    if (position >= 0) {
      spans[position]!.last = accesses.length;
    }
  }
  return spans;
}

function memoryOf(plan: ProgramPlan, { arenas }: ArenaPlan): ProgramMemory {
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const bytesOf = (kind: 'input' | 'static'): number =>
    sum(plan.values.filter(({ origin }) => origin.kind === kind).map(({ bytes }) => bytes));
  return {
    weightsBytes: bytesOf('static'),
    arenaBytes: sum(arenas),
    inputBytes: bytesOf('input'),
    outputBytes: sum(plan.outputs.map(({ bytes }) => bytes)),
  };
}

/** What {@link planMemory} assumes of a device. */
export interface MemoryOptions {
  /** @defaultValue what every WebGPU device has */
  readonly device?: PlanDevice;
  /** @defaultValue no limit, so that what a device would need is known for any graph */
  readonly limits?: ArenaLimits;
}

const ALIGNMENT = 256;

/**
 * The device memory that a graph takes, computed without a device.
 *
 * @throws WebGpuError `unsupported` where `limits` are given and do not let it run
 */
export function planMemory(graph: Graph, options: MemoryOptions = {}): ProgramMemory {
  const device = options.device ?? {
    kernels: MINIMAL_DEVICE,
    alignment: ALIGNMENT,
    storageBuffers: Number.POSITIVE_INFINITY,
  };
  const limits = options.limits ?? {
    alignment: ALIGNMENT,
    arenaBytes: Number.POSITIVE_INFINITY,
    bindingBytes: Number.POSITIVE_INFINITY,
  };
  return planMemoryOf(planProgram(graph, device), limits).memory;
}
