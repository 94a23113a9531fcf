/** What `kernels` and `models` store, and how it is shown. */
import type { AdapterDescription } from '@samgpu/webgpu';

import type { Machine } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import type { GpuSubject, Scale } from '../options.ts';
import type { Spread } from '../statistics.ts';
import type { ComparedCase } from './compare-engines.ts';
import type { Peak } from './peak/measure-peak.ts';

/** A case that was not timed, because an engine failed or the two disagreed. */
export interface FailedCase {
  readonly name: string;
  readonly error: string;
}

export interface GpuResult {
  readonly what: GpuSubject;
  readonly date: string;
  /** Whether all cases were tried, as many times as is usual. */
  readonly complete: boolean;
  readonly adapter: AdapterDescription;
  readonly scale: Scale;
  readonly machine: Machine;
  readonly peer: string;
  readonly peak: Peak;
  readonly cases: readonly ComparedCase[];
  readonly failed: readonly FailedCase[];
}

/** How people call an adapter: the name of the device, and the driver where it is known. */
export function adapterTitle({
  description,
  device,
  vendor,
  architecture,
}: AdapterDescription): string {
  const family = [vendor, architecture].filter(Boolean).join(' ');
  const [name = 'a GPU', ...more] = [device, family, description].filter(Boolean);
  return more.length > 0 ? `${name} (${more.join(', ')})` : name;
}

/** A folder of `results/`: one per adapter, all software ones together. */
export function folderOf({ vendor, architecture, device, software }: AdapterDescription): string {
  if (software) {
    return 'swiftshader';
  }
  const model = device || architecture || 'unknown';
  const name = model.startsWith(vendor) ? model : `${vendor}-${model}`;
  return name
    .toLowerCase()
    .replaceAll(/[^\w.]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/**
 * How much of what the device could do at best a case gets, 0 to 1: the time that its arithmetic or
 * its memory traffic would take at the measured peak, whichever is longer, over the time it took.
 */
export function shareOfPeak(
  { gigaflops, gigabytesPerSecond }: Pick<ComparedCase, 'gigaflops' | 'gigabytesPerSecond'>,
  peak: Peak,
): number {
  return Math.max(gigaflops / peak.gigaflops, gigabytesPerSecond / peak.gigabytesPerSecond);
}

/** One line about a case, for the terminal. */
export function caseLine({ name, ours, peer, ratio, gigaflops }: ComparedCase): string {
  return `${name}: ${milliseconds(ours.median)} ms, peer ${milliseconds(peer.median)} ms, ${ratio.toFixed(1)}x, ${gigaflops.toFixed(2)} GFLOP/s`;
}

export function peakLine({ gigaflops, gigabytesPerSecond }: Peak): string {
  return `measured peak: ${gigaflops.toFixed(0)} GFLOP/s in f32, ${gigabytesPerSecond.toFixed(0)} GB/s`;
}

/** What stands over the peer's column. */
export function peerName(what: GpuSubject): string {
  return what === 'images' ? 'JavaScript' : 'ORT';
}

/** As Markdown: what the terminal shows is what the README of the benchmarks holds. */
export function casesTable({
  what,
  cases,
  peak,
}: Pick<GpuResult, 'what' | 'cases' | 'peak'>): string {
  const header = [
    'case',
    'ours, ms',
    `${peerName(what)}, ms`,
    'ratio',
    'GFLOP/s',
    'of the peak',
    'difference',
    'memory, MB',
  ];
  const rows = cases.map((compared) => {
    const { name, ours, peer, ratio, gigaflops, maxAbsError, bytes } = compared;
    return [
      name,
      formatSpread(ours),
      formatSpread(peer),
      ratio.toFixed(1),
      gigaflops.toFixed(gigaflops < 10 ? 2 : 0),
      `${(100 * shareOfPeak(compared, peak)).toFixed(0)} %`,
      maxAbsError.toExponential(0),
      (bytes / 1e6).toFixed(1),
    ];
  });
  return markdownTable(header, rows);
}

function formatSpread({ median, p10, p90 }: Spread): string {
  return `${milliseconds(median)} (${milliseconds(p10)} to ${milliseconds(p90)})`;
}

/** Three digits, so that a GPU's fractions of a millisecond are told apart. */
function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);
}
