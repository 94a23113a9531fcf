/** Times of one thing that was run several times, in milliseconds. */
export interface Spread {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
  readonly runs: number;
}

/** Machines are shared and noisy, so the middle counts and the spread is told with it. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    p10: quantile(sorted, 0.1),
    p90: quantile(sorted, 0.9),
    runs: sorted.length,
  };
}

/** Linear interpolation between the two nearest ranks. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** Runs something several times and gives the times, warm-up runs left out. */
export async function timeRuns(
  run: () => Promise<unknown>,
  { warmup = 3, runs = 20 }: { readonly warmup?: number; readonly runs?: number } = {},
): Promise<Spread> {
  for (let i = 0; i < warmup; i++) {
    await run();
  }
  const samples: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    samples.push(performance.now() - start);
  }
  return spreadOf(samples);
}
