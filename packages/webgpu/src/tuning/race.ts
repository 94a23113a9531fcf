import type { Kernel } from '@samgpu/kernels';

import { PipelineCache } from '../runtime/pipeline-cache.ts';
import type { DeviceState } from '../runtime/device-state.ts';
import type { KernelTask } from '../variants/kernel-task.ts';
import { WebGpuError } from '../webgpu-error.ts';
import type { Candidates } from './candidates.ts';
import type { Dispatch, Stopwatch } from './stopwatch.ts';
import { type TrialOperands, trialOperands } from './trial-operands.ts';

/** How the variants of one task did. */
export interface RaceResult {
  readonly variant: string;
  /** Median time of those that gave the usual variant's result and were not far behind. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Those whose result differs from that of the usual variant, or that do not compile. */
  readonly refused: readonly string[];
}

// Long enough for any clock; browsers round theirs to 0.1 milliseconds.
const PASS_MILLISECONDS = 4;
const MOST_DISPATCHES = 200;
/** How many times the best first run another may take to stay in the race. */
const FAR_BEHIND = 3;
/** What a variant has to gain over the usual one: less is what measurements vary by anyway. */
const GAIN = 0.95;

/**
 * Measures the variants of a task against each other, in turns.
 *
 * @throws WebGpuError for what the device itself cannot do
 */
export async function race(
  state: DeviceState,
  task: KernelTask,
  { kernels }: Candidates,
  { stopwatch, repeats, signal }: RaceOptions,
): Promise<RaceResult> {
  const refused: string[] = [];
  const operands = await trialOperands(state, task, kernels.values());
  try {
    const runners = await prepare(state, kernels, operands, refused);
    const usual = runners.get(task.usual);
    if (usual === undefined) {
      throw new WebGpuError('validation', `the usual variant of ${task.kernel} does not compile`);
    }
    const expected = await resultOf(state, usual, operands);
    for (const [variant, dispatch] of runners) {
      signal?.throwIfAborted();
      const isRight =
        variant === task.usual ||
        isClose(await resultOf(state, dispatch, operands), expected, toleranceOf(task, variant));
      if (!isRight) {
        refused.push(variant);
        runners.delete(variant);
      }
    }
    const milliseconds = await takeTimes(runners, task.usual, { stopwatch, repeats, signal });
    const [first] = Object.entries(milliseconds).sort(([, a], [, b]) => a - b);
    const gains = first![1] < GAIN * milliseconds[task.usual]!;
    return { variant: gains ? first![0] : task.usual, milliseconds, refused };
  } finally {
    operands.dispose();
  }
}

export interface RaceOptions {
  readonly stopwatch: Stopwatch;
  readonly repeats: number;
  readonly signal: AbortSignal | undefined;
}

async function prepare(
  state: DeviceState,
  kernels: ReadonlyMap<string, Kernel>,
  { buffers }: TrialOperands,
  refused: string[],
): Promise<Map<string, Dispatch>> {
  // Of its own: pipelines of those that lose are not kept.
  const pipelines = new PipelineCache(state.device);
  const compiled = await Promise.allSettled(
    [...kernels].map(async ([variant, kernel]) => [variant, await pipelines.get(kernel)] as const),
  );
  const runners = new Map<string, Dispatch>();
  for (const [index, [variant, kernel]] of [...kernels].entries()) {
    const result = compiled[index]!;
    if (result.status === 'rejected') {
      state.expectLive();
      refused.push(variant);
      continue;
    }
    const { pipeline, layout } = result.value[1];
    const group = state.device.createBindGroup({
      label: `tuning ${kernel.label}`,
      layout,
      entries: kernel.bindings.map(({ name }, binding) => ({
        binding,
        resource: { buffer: buffers.get(name)! },
      })),
    });
    runners.set(variant, (pass) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(...kernel.workgroups);
    });
  }
  return runners;
}

/** What a variant writes, into memory that was cleared before. */
async function resultOf(
  state: DeviceState,
  dispatch: Dispatch,
  { result }: TrialOperands,
): Promise<Float32Array> {
  const encoder = state.device.createCommandEncoder({ label: 'tuning check' });
  encoder.clearBuffer(result);
  const pass = encoder.beginComputePass({ label: 'tuning check' });
  dispatch(pass);
  pass.end();
  state.device.queue.submit([encoder.finish()]);
  return new Float32Array(await state.read(result, result.size));
}

async function takeTimes(
  runners: ReadonlyMap<string, Dispatch>,
  usual: string,
  { stopwatch, repeats, signal }: RaceOptions,
): Promise<Record<string, number>> {
  const first = new Map<string, number>();
  for (const [variant, dispatch] of runners) {
    signal?.throwIfAborted();
    first.set(variant, await stopwatch.measure(dispatch, 1));
  }
  const best = Math.min(...first.values());
  const counts = new Map<string, number>();
  const samples = new Map<string, number[]>();
  for (const [variant, time] of first) {
    if (variant === usual || time <= FAR_BEHIND * best) {
      const count = Math.ceil(PASS_MILLISECONDS / Math.max(time, PASS_MILLISECONDS / 1e3));
      counts.set(variant, Math.min(MOST_DISPATCHES, count));
      samples.set(variant, []);
    }
  }
  // In turns, so that a clock that rises or a machine that is busy for a while touches all of them.
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [variant, list] of samples) {
      signal?.throwIfAborted();
      list.push(await stopwatch.measure(runners.get(variant)!, counts.get(variant)!));
    }
  }
  return Object.fromEntries([...samples].map(([variant, list]) => [variant, medianOf(list)]));
}

/**
 * How far results may lie apart, of the largest among them. Variants sum in different orders; each of
 * n additions in f32 rounds by at most 2^-24 of what it adds to. Matrix units that round factors to
 * f16 are off by 2^-11 of each term, which in a sum of many becomes less than 2^-8 of the largest.
 */
function toleranceOf(task: KernelTask, variant: string): number {
  const isHalf = task.weights === 'f16' && [variant, task.usual].includes('subgroup-matrix');
  return Math.max(termsOf(task) * 2 ** -24, isHalf ? 2 ** -8 : 0);
}

const FEWEST_TERMS = 64; // activations and softmax round as well

function termsOf({ sizes }: KernelTask): number {
  const { depth, keys, channels, kernelHeight, kernelWidth } = sizes as Partial<typeof sizes>;
  const terms = depth ?? keys ?? (channels ?? 1) * (kernelHeight ?? 1) * (kernelWidth ?? 1);
  return Math.max(terms, FEWEST_TERMS);
}

function isClose(got: Float32Array, expected: Float32Array, tolerance: number): boolean {
  let largest = 0;
  let apart = 0;
  for (let at = 0; at < expected.length; at++) {
    const difference = Math.abs(got[at]! - expected[at]!);
    // NaN is larger than nothing, so it is asked for by itself.
    if (Number.isNaN(difference)) return false;
    apart = Math.max(apart, difference);
    largest = Math.max(largest, Math.abs(expected[at]!));
  }
  return apart <= tolerance * largest;
}

function medianOf(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)]!;
}
