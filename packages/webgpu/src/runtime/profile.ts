import { BUFFER_USAGE } from '../device/gpu-constants.ts';
import type { ProgramInputs } from './program-inputs.ts';
import type { ProgramResources } from './program-resources.ts';

export interface ProfileOptions {
  /** Run once with these before measuring; else with whatever the last run left. */
  readonly inputs?: ProgramInputs | undefined;
  /** Times that each kernel is measured; the median counts. @defaultValue 5 */
  readonly repeats?: number | undefined;
}

/** One dispatch of a program. */
export interface ProfileEntry {
  /** The model path and the operation: `blocks.0.attn.qkv linear`. */
  readonly label: string;
  /** Which kernel, with its sizes. */
  readonly kernel: string;
  /** Time on the device, in milliseconds. */
  readonly milliseconds: number;
  /** Of the whole program, 0 to 1. */
  readonly share: number;
  /** Multiplications and additions. */
  readonly flops: number;
  /** How it was measured: by the device's clock, or by waiting for repetitions. */
  readonly clock: 'timestamp' | 'repetition';
}

const REPEATS = 5;

/** Measures every step of a program by itself. */
export async function profileSteps(
  resources: ProgramResources,
  { repeats = REPEATS }: ProfileOptions,
): Promise<readonly ProfileEntry[]> {
  const hasClock = resources.state.device.features.has('timestamp-query');
  const measure = hasClock ? timestamps : repetitions;
  const samples: number[][] = resources.plan.steps.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const times = await measure(resources);
    times.forEach((time, step) => samples[step]!.push(time));
  }
  const times = samples.map(median);
  const total = times.reduce((sum, time) => sum + time, 0);
  return resources.plan.steps.map(({ kernel, label }, step) => ({
    label,
    kernel: kernel.label,
    milliseconds: times[step]!,
    share: total > 0 ? times[step]! / total : 0,
    flops: kernel.flops,
    clock: hasClock ? 'timestamp' : 'repetition',
  }));
}

// The most that a query set of WebGPU may hold.
const LARGEST_QUERY_SET = 4096;

/** One pass per step, between two timestamps. Milliseconds. */
async function timestamps(resources: ProgramResources): Promise<number[]> {
  const { state, plan } = resources;
  const { device } = state;
  const times: number[] = [];
  for (let start = 0; start < plan.steps.length; start += LARGEST_QUERY_SET / 2) {
    const count = Math.min(plan.steps.length - start, LARGEST_QUERY_SET / 2);
    const queries = device.createQuerySet({
      label: 'profile',
      type: 'timestamp',
      count: 2 * count,
    });
    const resolved = device.createBuffer({
      label: 'profile',
      size: 16 * count,
      usage: BUFFER_USAGE.queryResolve | BUFFER_USAGE.copySource,
    });
    try {
      const encoder = device.createCommandEncoder({ label: 'profile' });
      const groups = resources.bind();
      for (let index = 0; index < count; index++) {
        const pass = encoder.beginComputePass({
          label: plan.steps[start + index]!.label,
          timestampWrites: {
            querySet: queries,
            beginningOfPassWriteIndex: 2 * index,
            endOfPassWriteIndex: 2 * index + 1,
          },
        });
        resources.dispatch(pass, start + index, groups);
        pass.end();
      }
      encoder.resolveQuerySet(queries, 0, 2 * count, resolved, 0);
      device.queue.submit([encoder.finish()]);
      const ticks = new BigUint64Array(await state.read(resolved, 16 * count));
      for (let index = 0; index < count; index++) {
        // Clocks may be adjusted in between; a negative time means nothing.
        const nanoseconds = Number(ticks[2 * index + 1]! - ticks[2 * index]!);
        times.push(Math.max(0, nanoseconds) / 1e6);
      }
    } finally {
      queries.destroy();
      resolved.destroy();
    }
  }
  return times;
}

// Long enough that the time for submitting and waiting does not count.
const REPETITIONS = 20;

/** Each step many times in one submission, less what an empty submission takes. Milliseconds. */
async function repetitions(resources: ProgramResources): Promise<number[]> {
  const idle = await timeOf(resources, 0, 0);
  const times: number[] = [];
  for (let index = 0; index < resources.plan.steps.length; index++) {
    const time = await timeOf(resources, index, REPETITIONS);
    times.push(Math.max(0, time - idle) / REPETITIONS);
  }
  return times;
}

async function timeOf(resources: ProgramResources, step: number, count: number): Promise<number> {
  const { state } = resources;
  const encoder = state.device.createCommandEncoder({ label: 'profile' });
  const pass = encoder.beginComputePass({ label: 'profile' });
  const groups = resources.bind();
  for (let i = 0; i < count; i++) {
    resources.dispatch(pass, step, groups);
  }
  pass.end();
  const commands = encoder.finish();
  const start = performance.now();
  state.device.queue.submit([commands]);
  await state.finished();
  return performance.now() - start;
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
