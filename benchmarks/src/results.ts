import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One measured figure beside what was aimed at. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | 'kB';
  readonly value: number;
  readonly limit: number;
  /** The spread of a timed figure. */
  readonly p10?: number;
  readonly p90?: number;
}

export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, value, limit, p10, p90 }) => {
    const spread =
      p10 === undefined || p90 === undefined ? '' : ` (${format(p10)} to ${format(p90)})`;
    return `| ${name} | ${format(value)} ${unit}${spread} | ${limit} ${unit} | ${value <= limit ? 'yes' : 'no'} |`;
  });
  return [
    '| what | median (p10 to p90) | at most | met |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function format(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

/** Writes a result as `results/<where>/<date>-<what>.json` and gives its path. */
export function storeResult(where: string, what: string, result: object): string {
  const folder = new URL(`../results/${where}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  const path = fileURLToPath(new URL(`${date}-${what}.json`, folder));
  writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`);
  return path;
}
