import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { isAlgorithmFile } from '../algorithms/index.ts';
import { messageOf } from '../core/stage-list.ts';
import { UsageError } from './options.ts';

export interface FoundCase {
  readonly kind: 'folder' | 'algorithm';
  readonly path: string;
}

/**
 * All cases that are named, or lie below a folder that is, in the order of their paths.
 *
 * JSON files below a folder count where one beside them holds cases of a known algorithm: other files
 * may lie there for any reason. A file that is named itself always counts.
 *
 * @throws UsageError for a path that does not exist, or below which there is no case
 */
export async function findCases(
  paths: readonly string[],
  from: string = process.cwd(),
): Promise<FoundCase[]> {
  const found = new Map<string, FoundCase>();
  for (const path of paths) {
    const cases = await casesAt(resolve(from, path));
    if (cases.length === 0) {
      throw new UsageError(`there is no case.json and no algorithm's file in or below ${path}`);
    }
    cases.forEach((one) => found.set(one.path, one));
  }
  return [...found.values()];
}

async function casesAt(path: string): Promise<FoundCase[]> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    return isFolder ? await casesBelow(path, new Set()) : [{ kind: 'algorithm', path }];
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** @param seen - folders on the way here, which links may lead back to */
async function casesBelow(folder: string, seen: ReadonlySet<string>): Promise<FoundCase[]> {
  const place = await realpath(folder);
  if (seen.has(place)) {
    return [];
  }
  const names = (await readdir(folder)).sort();
  if (names.includes('case.json')) {
    return [{ kind: 'folder', path: folder }];
  }
  const cases: FoundCase[] = [];
  const files: string[] = [];
  for (const path of names.map((name) => join(folder, name))) {
    // A link that leads nowhere is no case.
    const entry = await stat(path).catch(() => undefined);
    if (entry?.isDirectory() === true) {
      cases.push(...(await casesBelow(path, new Set([...seen, place]))));
    } else if (path.endsWith('.json')) {
      files.push(path);
    }
  }
  const known = await Promise.all(files.map((path) => isAlgorithmFile(path)));
  if (known.includes(true)) {
    cases.push(...files.map((path): FoundCase => ({ kind: 'algorithm', path })));
  }
  return cases;
}
