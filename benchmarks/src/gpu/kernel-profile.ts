/** Where the time of a program goes, by kernels of one kind. */
import type { ProfileEntry } from '@samgpu/webgpu';

import { markdownTable } from '../markdown-table.ts';

/** All dispatches of one kind of kernel in a program. */
export interface KindTime {
  /** `matmul-tiled` of `matmul-tiled 4096x768x768`. */
  readonly kind: string;
  readonly dispatches: number;
  readonly milliseconds: number;
  /** Of the whole program, 0 to 1. */
  readonly share: number;
  readonly gigaflops: number;
}

/** @returns the longest first */
export function timesByKind(entries: readonly ProfileEntry[]): KindTime[] {
  const kinds = new Map<string, ProfileEntry[]>();
  for (const entry of entries) {
    const [kind = entry.kernel] = entry.kernel.split(' ');
    kinds.set(kind, [...(kinds.get(kind) ?? []), entry]);
  }
  const sum = (list: readonly ProfileEntry[], key: 'milliseconds' | 'share' | 'flops'): number =>
    list.reduce((total, entry) => total + entry[key], 0);
  return [...kinds]
    .map(([kind, list]) => ({
      kind,
      dispatches: list.length,
      milliseconds: sum(list, 'milliseconds'),
      share: sum(list, 'share'),
      gigaflops: rate(sum(list, 'flops'), sum(list, 'milliseconds')),
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Two tables: sums per kind, and the longest dispatches. */
export function formatProfile(name: string, entries: readonly ProfileEntry[]): string {
  const total = entries.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const kinds = timesByKind(entries).map(({ kind, dispatches, milliseconds, share, gigaflops }) => [
    kind,
    String(dispatches),
    milliseconds.toFixed(3),
    percent(share),
    gigaflops.toFixed(1),
  ]);
  const longest = [...entries]
    .sort((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, LONGEST)
    .map(({ label, kernel, milliseconds, share, flops }) => [
      label,
      kernel,
      milliseconds.toFixed(3),
      percent(share),
      rate(flops, milliseconds).toFixed(1),
    ]);
  return [
    `${name}: ${total.toFixed(3)} ms on the device in ${entries.length} dispatches (${clocks(entries)})`,
    markdownTable(['kernel', 'dispatches', 'ms', 'share', 'GFLOP/s'], kinds),
    markdownTable(['longest', 'kernel', 'ms', 'share', 'GFLOP/s'], longest),
  ].join('\n\n');
}

const LONGEST = 15;

function clocks(entries: readonly ProfileEntry[]): string {
  return [...new Set(entries.map(({ clock }) => clock))].join(', ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** GFLOP/s; a clock may be too coarse to see a kernel at all. */
function rate(flops: number, milliseconds: number): number {
  return milliseconds > 0 ? flops / milliseconds / 1e6 : 0;
}
