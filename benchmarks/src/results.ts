import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Machine } from './machine.ts';
import { markdownTable } from './markdown-table.ts';

/** One measured figure beside what was aimed at. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | 'kB' | '%' | '/s';
  readonly value: number;
  /** What was aimed at, if anything was. */
  readonly limit?: number;
  /** The spread of a timed figure. */
  readonly p10?: number;
  readonly p90?: number;
  /** The same of what it is compared with: by default the official code on PyTorch, measured in turns. */
  readonly peer?: number;
}

/** What `nano`, `family`, `matte`, `studio` and `track` store, as far as reports show it. */
export interface CpuResult {
  readonly what: 'nano' | 'family' | 'matte' | 'studio' | 'track';
  readonly date: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  /** What stands beside ours. @defaultValue 'PyTorch' */
  readonly peer?: string;
}

export function formatFigures(figures: readonly Figure[], peerName = 'PyTorch'): string {
  const hasPeer = figures.some(({ peer }) => peer !== undefined);
  const rows = figures.map(({ name, unit, value, limit, p10, p90, peer }) => {
    const spread =
      p10 === undefined || p90 === undefined ? '' : ` (${format(p10)} to ${format(p90)})`;
    return [
      name,
      `${format(value)} ${unit}${spread}`,
      limit === undefined ? '' : `${limit} ${unit}`,
      limit === undefined ? '' : value <= limit ? 'yes' : 'no',
      ...(hasPeer ? [peer === undefined ? '' : `${format(peer)} ${unit}`] : []),
      ...(hasPeer ? [peer === undefined ? '' : (peer / value).toFixed(1)] : []),
    ];
  });
  const beside = hasPeer ? [peerName, 'ratio'] : [];
  return markdownTable(['what', 'median (p10 to p90)', 'at most', 'met', ...beside], rows);
}

function format(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** Stores figures, unless they are of a part of what is measured, and prints them. */
export function reportFigures(
  result: CpuResult,
  { json, isWhole = true }: { readonly json: boolean; readonly isWhole?: boolean },
): void {
  const stored = isWhole ? `Written to ${storeResult('cpu', result.what, result)}` : 'Not stored';
  console.log(
    json ? JSON.stringify(result) : `${formatFigures(result.figures, result.peer)}\n\n${stored}`,
  );
}

/** Where results are stored: `<gpu or cpu>/<date>-<what>.json`. */
export const RESULTS_FOLDER: string = fileURLToPath(new URL('../results', import.meta.url));

/**
 * Writes a result as `<folder>/<where>/<date>-<what>.json`.
 *
 * @returns its path
 */
export function storeResult(
  where: string,
  what: string,
  result: object,
  folder: string = RESULTS_FOLDER,
): string {
  const date = new Date().toISOString().slice(0, 10);
  const path = join(folder, where, `${date}-${what}.json`);
  mkdirSync(join(folder, where), { recursive: true });
  writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`);
  return path;
}
