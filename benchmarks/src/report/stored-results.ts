import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { GpuResult } from '../gpu/gpu-result.ts';
import type { CpuResult } from '../results.ts';

export type StoredResult = GpuResult | CpuResult;

/** The newest whole results, by what they are of: `cpu/nano`, `nvidia-h200/models`. */
export type NewestResults = ReadonlyMap<string, StoredResult>;

/** Reads `<folder>/<where>/<date>-<what>.json`. Results of a part of the cases are passed over. */
export function readNewest(folder: string): NewestResults {
  const newest = new Map<string, StoredResult>();
  for (const where of foldersIn(folder)) {
    // Names begin with the date, so that later ones replace earlier ones.
    for (const file of readdirSync(join(folder, where)).sort()) {
      const what = /^\d{4}-\d\d-\d\d-([\w-]+)\.json$/.exec(file)?.[1];
      if (what === undefined) {
        continue;
      }
      const result = JSON.parse(readFileSync(join(folder, where, file), 'utf8')) as StoredResult;
      if ('figures' in result || result.complete) {
        newest.set(`${where}/${what}`, result);
      }
    }
  }
  return newest;
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) {
    return [];
  }
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
