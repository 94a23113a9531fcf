import { parseArgs } from 'node:util';

import { BACKEND_NAMES, type BackendName } from '../core/engine.ts';

export const USAGE = `usage: npm run parity -- PATH... [options]

Compares models with outputs of their official code. A PATH is a case folder (with case.json), a folder
with any number of them at any depth, or the JSON file of a model-free algorithm.

options
  --backend NAME   ${BACKEND_NAMES.join(', ')}   (default onnx)
  --json           prints results for machines, and nothing else, to stdout (npm run -s keeps npm's own lines out)
  --brief          prints stages of failed cases only
  --no-end-to-end  leaves out the second pass of each picture, through the public API
  --help           prints this

exit code: 0 all passed, 1 some failed, 2 wrong usage or a case that cannot be read`;

export interface CommandOptions {
  readonly paths: readonly string[];
  readonly backend: BackendName;
  readonly json: boolean;
  readonly allStages: boolean;
  readonly endToEnd: boolean;
}

/** A command line that cannot be followed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}

/** @returns undefined where help is asked for */
export function parseOptions(args: readonly string[]): CommandOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) {
    return undefined;
  }
  const backend = BACKEND_NAMES.find((name) => name === values.backend);
  if (backend === undefined) {
    throw new UsageError(`--backend is ${values.backend}, wanted ${BACKEND_NAMES.join(', ')}`);
  }
  if (positionals.length === 0) {
    throw new UsageError('no PATH given');
  }
  return {
    paths: positionals,
    backend,
    json: values.json === true,
    allStages: values.brief !== true,
    endToEnd: values['end-to-end'] !== false,
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<typeof CONFIG>> {
  try {
    return parseArgs({ ...CONFIG, args: [...args] });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const CONFIG = {
  allowPositionals: true,
  allowNegative: true,
  options: {
    backend: { type: 'string', default: 'onnx' },
    json: { type: 'boolean' },
    brief: { type: 'boolean' },
    'end-to-end': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
} as const;
