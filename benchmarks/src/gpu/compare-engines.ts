import {
  type Backend,
  disposeValues,
  type Graph,
  type HostValue,
  type Program,
} from '@samgpu/graph';
import type { ProfileEntry, WebGpuBackend } from '@samgpu/webgpu';

import { type Spread, spreadOf } from '../statistics.ts';
import type { BenchmarkCase } from './benchmark-case.ts';

export interface ComparedCase {
  readonly name: string;
  readonly ours: Spread;
  readonly peer: Spread;
  /** Medians, peer over ours: how many times quicker ours is. */
  readonly ratio: number;
  /** Largest difference between the engines' outputs. */
  readonly maxAbsError: number;
  /** Bytes on the device that our plan needs, weights included. */
  readonly bytes: number;
  /** Of ours, at its median. */
  readonly gigaflops: number;
  /** The least that ours reads and writes, at its median. */
  readonly gigabytesPerSecond: number;
  /** Ours, dispatch by dispatch, where that was asked for. */
  readonly profile?: readonly ProfileEntry[];
}

export interface CompareOptions {
  /** Timed runs of each engine. */
  readonly runs: number;
  /** Also measure each kernel of ours. @defaultValue false */
  readonly profile?: boolean;
}

export interface Engines {
  readonly ours: WebGpuBackend;
  readonly peer: Backend;
}

/**
 * Runs a case on both engines in turns, in one process on one adapter.
 *
 * @throws Error where an output differs by more than the case allows, or all hold nothing but
 *   zeros: nothing is timed then
 */
export async function compareEngines(
  engines: Engines,
  benchmarkCase: BenchmarkCase,
  { runs, profile = false }: CompareOptions,
): Promise<ComparedCase> {
  const maxAbsError = await largestDifference(engines, benchmarkCase);
  const { timed, weights, inputs } = benchmarkCase;
  const ours = await engines.ours.compile(timed, weights);
  let peer: Program | undefined;
  try {
    peer = await engines.peer.compile(timed, weights);
    const times = { ours: [] as number[], peer: [] as number[] };
    for (let i = -1; i < runs; i++) {
      for (const [engine, program] of [
        ['ours', ours],
        ['peer', peer],
      ] as const) {
        const milliseconds = await timeRun(program, inputs);
        if (i >= 0) {
          times[engine].push(milliseconds);
        }
      }
    }
    const [oursSpread, peerSpread] = [spreadOf(times.ours), spreadOf(times.peer)];
    return {
      name: benchmarkCase.name,
      ours: oursSpread,
      peer: peerSpread,
      ratio: peerSpread.median / oursSpread.median,
      maxAbsError,
      bytes: Object.values(ours.memory).reduce((sum, bytes) => sum + bytes, 0),
      gigaflops: benchmarkCase.flops / oursSpread.median / 1e6,
      gigabytesPerSecond: benchmarkCase.traffic / oursSpread.median / 1e6,
      ...(profile ? { profile: await ours.profile({ inputs, repeats: Math.min(runs, 5) }) } : {}),
    };
  } finally {
    ours.dispose();
    peer?.dispose();
  }
}

async function timeRun(
  program: Program,
  inputs: Readonly<Record<string, HostValue>>,
): Promise<number> {
  const start = performance.now();
  const outputs = await program.run(inputs);
  // Reading is what tells that the device has finished.
  await Promise.all(Object.values(outputs).map((output) => output.read()));
  const milliseconds = performance.now() - start;
  disposeValues(outputs);
  return milliseconds;
}

async function largestDifference(
  { ours, peer }: Engines,
  { name, checked, weights, inputs, tolerance }: BenchmarkCase,
): Promise<number> {
  const mine = await outputsOf(ours, checked, weights, inputs);
  const theirs = await outputsOf(peer, checked, weights, inputs);
  const differences = Object.entries(theirs).map(([output, expected]) => {
    const { worst, largest } = difference(mine[output]?.data ?? new Float32Array(), expected.data);
    // Written so that NaN counts as wrong.
    if (!(worst <= tolerance * largest)) {
      throw new Error(
        `${name}: the engines differ in "${output}" by ${worst} where values reach ${largest}, wanted at most ${tolerance} of it`,
      );
    }
    return { worst, largest };
  });
  if (differences.every(({ largest }) => largest === 0)) {
    throw new Error(`${name}: all outputs are 0, which compares nothing`);
  }
  return Math.max(...differences.map(({ worst }) => worst));
}

function difference(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
): { readonly worst: number; readonly largest: number } {
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const value = expected[i]!;
    const difference = Math.abs((got[i] ?? Number.NaN) - value);
    worst = difference <= worst ? worst : difference;
    largest = Math.max(largest, Math.abs(value));
  }
  return { worst, largest };
}

async function outputsOf(
  backend: Backend,
  graph: Graph,
  weights: BenchmarkCase['weights'],
  inputs: Readonly<Record<string, HostValue>>,
): Promise<Record<string, HostValue>> {
  const program = await backend.compile(graph, weights);
  const outputs = await program.run(inputs);
  const entries = await Promise.all(
    Object.entries(outputs).map(async ([name, output]) => [name, await output.read()] as const),
  );
  disposeValues(outputs);
  program.dispose();
  return Object.fromEntries(entries);
}
