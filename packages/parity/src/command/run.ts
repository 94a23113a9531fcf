import { runAlgorithmFile } from '../algorithms/index.ts';
import { type BackendName, type Engine, openEngine } from '../core/engine.ts';
import type { CaseResult } from '../core/result.ts';
import { runCase } from '../core/run-case.ts';
import { messageOf } from '../core/stage-list.ts';
import { families } from '../families/index.ts';
import { findCases } from './find-cases.ts';
import { parseOptions, USAGE, UsageError } from './options.ts';
import { caseText, summaryText } from './report.ts';

/** Where a command writes. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** @throws UsageError where the backend does not run on this machine */
async function opened(backend: BackendName): Promise<Engine> {
  try {
    return await openEngine(backend);
  } catch (error) {
    throw new UsageError(`--backend ${backend} does not run here: ${messageOf(error)}`);
  }
}

/** @returns the exit code */
export async function runCommand(args: readonly string[], { out, err }: Streams): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === undefined) {
      out(`${USAGE}\n`);
      return 0;
    }
    const cases = await findCases(options.paths, process.env['INIT_CWD'] ?? process.cwd());
    const engine = await opened(options.backend);
    try {
      err(`${engine.description}\n`);
      const results: CaseResult[] = [];
      for (const [index, { kind, path }] of cases.entries()) {
        const progress = (what: string): void =>
          err(`[${index + 1}/${cases.length}] ${path}: ${what}\n`);
        progress('start');
        const result =
          kind === 'algorithm'
            ? await runAlgorithmFile(path, engine.name)
            : await runCase(path, { families, engine, endToEnd: options.endToEnd, progress });
        results.push(result);
        const text = caseText(result, options.allStages);
        (options.json ? err : out)(`${text}\n`);
      }
      if (options.json) {
        out(`${JSON.stringify({ cases: results }, undefined, 1)}\n`);
      } else {
        out(`\n${summaryText(results)}\n`);
      }
      if (results.some(({ unreadable }) => unreadable === true)) return 2;
      return results.every(({ pass }) => pass) ? 0 : 1;
    } finally {
      engine.dispose();
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    err(`parity: ${error.message}\n\n${USAGE}\n`);
    return 2;
  }
}
