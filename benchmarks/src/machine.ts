import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';

/** What a result depends on besides the code. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Versions of the packages that do the work. */
  readonly versions: Readonly<Record<string, string>>;
}

export function describeMachine(packages: readonly string[]): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    versions: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name: string): string {
  // Runtimes are dependencies of the ONNX package, so they are looked up from there.
  const onnx = new URL('../../packages/onnx/package.json', import.meta.url);
  for (const from of [import.meta.url, onnx]) {
    try {
      return packageVersion(name, createRequire(from).resolve(name));
    } catch {
      // Not visible from there; the next place may see it.
    }
  }
  return 'not installed';
}

/** Walks up from a module to the package it belongs to: not every package exports its own file. */
function packageVersion(name: string, path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const description = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string })
      : {};
    if (description.name === name && description.version !== undefined) {
      return description.version;
    }
    if (folder === dirname(folder)) {
      return 'unknown';
    }
  }
}
