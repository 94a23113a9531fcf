import type { Graph } from '@samgpu/graph';

import { planProgram } from '../plan/plan-program.ts';
import type { DeviceState } from '../runtime/device-state.ts';
import { type KernelTask, taskKey, type VariedKernel } from '../variants/kernel-task.ts';
import { WebGpuError } from '../webgpu-error.ts';
import { type Candidates, candidatesOf } from './candidates.ts';
import { race, type RaceResult } from './race.ts';
import { Stopwatch } from './stopwatch.ts';
import { type Finding, type Findings, ruleOf } from './tuning-cache.ts';

export interface TuneOptions {
  /** Times that each variant is measured; the median counts. @defaultValue 7 */
  readonly repeats?: number | undefined;
  /** Measures what is known from earlier runs as well. @defaultValue false */
  readonly again?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before each shape. */
  readonly onProgress?: ((progress: TuneProgress) => void) | undefined;
}

export interface TuneProgress {
  readonly loaded: number;
  readonly total: number;
  /** For example `linear 4096x768x3072`. */
  readonly label: string;
}

/** One shape of a graph with what was found for it. */
export interface TuningMeasurement {
  readonly kernel: VariedKernel;
  readonly sizes: Readonly<Record<string, number>>;
  readonly weights?: 'f32' | 'f16' | 'int8';
  /** How many kernels of the graph have it. */
  readonly count: number;
  /** What the kernels' own tables say. */
  readonly usual: string;
  readonly variant: string;
  /** Of one dispatch, by variant: those that were measured to the end. Empty where it was known already. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Variants that gave another result, or that do not compile. */
  readonly refused: readonly string[];
  /** Why it was not measured: found by an earlier run, or the device has no room. */
  readonly note?: string;
}

const REPEATS = 7;

/** Measures the variants of each distinct shape of a graph. */
export async function tuneGraph(
  graph: Graph,
  state: DeviceState,
  known: Findings,
  { repeats = REPEATS, again = false, signal, onProgress }: TuneOptions,
): Promise<{ readonly measurements: TuningMeasurement[]; readonly findings: Findings }> {
  const tasks = distinctTasks(graph, state);
  const findings = new Map<string, Finding>();
  const measurements: TuningMeasurement[] = [];
  const stopwatch = new Stopwatch(state);
  try {
    for (const [index, { key, task, count, candidates }] of tasks.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ loaded: index, total: tasks.length, label: labelOf(task) });
      const earlier = again ? undefined : known.get(key);
      const { kernel, sizes, weights, usual } = task;
      const shape = { kernel, sizes, ...(weights === undefined ? {} : { weights }), count, usual };
      if (earlier?.fingerprint === candidates.fingerprint) {
        const { variant } = earlier.rule;
        const note = 'known from an earlier run';
        measurements.push({ ...shape, variant, milliseconds: {}, refused: [], note });
        continue;
      }
      const result = await raceOrNote(state, task, candidates, { stopwatch, repeats, signal });
      if ('note' in result) {
        measurements.push({ ...shape, variant: usual, milliseconds: {}, refused: [], ...result });
        continue;
      }
      measurements.push({ ...shape, ...result });
      const rule = ruleOf(task, result.variant);
      findings.set(key, { rule, fingerprint: candidates.fingerprint });
    }
  } finally {
    stopwatch.dispose();
  }
  return { measurements, findings };
}

interface DistinctTask {
  readonly key: string;
  readonly task: KernelTask;
  readonly count: number;
  readonly candidates: Candidates;
}

/** Those between whose variants there is a choice. */
function distinctTasks(graph: Graph, state: DeviceState): DistinctTask[] {
  const byKey = new Map<string, { task: KernelTask; count: number }>();
  for (const task of planProgram(graph, state.planDevice).tasks) {
    const entry = byKey.get(taskKey(task)) ?? { task, count: 0 };
    entry.count++;
    byKey.set(taskKey(task), entry);
  }
  return [...byKey]
    .map(([key, entry]) => ({ key, ...entry, candidates: candidatesOf(entry.task, state) }))
    .filter(({ candidates }) => candidates.kernels.size > 1);
}

async function raceOrNote(
  state: DeviceState,
  ...[task, candidates, options]: [KernelTask, Candidates, Parameters<typeof race>[3]]
): Promise<RaceResult | { readonly note: string }> {
  try {
    return await race(state, task, candidates, options);
  } catch (error) {
    // A shape that cannot be measured keeps its usual variant; a lost device is another matter.
    if (error instanceof WebGpuError && error.code !== 'device-lost') {
      state.expectLive();
      return { note: error.message };
    }
    throw error;
  }
}

/** What a measurement is of, for people: `linear f16 4096x768x3072`. */
export function labelOf({
  kernel,
  sizes,
  weights,
}: Omit<KernelTask, 'make' | 'variants' | 'usual'>): string {
  const words = [kernel, ...(weights === undefined ? [] : [weights])];
  return `${words.join(' ')} ${Object.values(sizes).join('x')}`;
}
