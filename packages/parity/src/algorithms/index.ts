/** Cases of functions without a model: JSON files, each of one function of the official code. */
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import type { BackendName } from '../core/engine.ts';
import type { CaseResult } from '../core/result.ts';
import { messageOf, StageList } from '../core/stage-list.ts';
import type { Algorithm, Json } from './algorithm.ts';
import { boxAlgorithms } from './boxes.ts';
import { maskAlgorithms } from './masks.ts';
import { pictureAlgorithms } from './pictures.ts';
import { upsamplingAlgorithms } from './upsampling.ts';

// Told apart by what a file holds, since its name may be any.
const algorithms: readonly Algorithm[] = [
  ...pictureAlgorithms,
  ...boxAlgorithms,
  ...maskAlgorithms,
  ...upsamplingAlgorithms,
];

/** Whether a file holds cases of a function that is known here. */
export async function isAlgorithmFile(path: string): Promise<boolean> {
  try {
    return algorithmOf(await readJson(path)) !== undefined;
  } catch {
    return false;
  }
}

/** Runs a file. Whatever goes wrong is in the result. */
export async function runAlgorithmFile(path: string, backend: BackendName): Promise<CaseResult> {
  const start = performance.now();
  const stages = new StageList();
  const result = (
    variant: string,
    failure?: Pick<CaseResult, 'error' | 'unreadable'>,
  ): CaseResult => ({
    name: `${basename(dirname(path))}/${basename(path, '.json')}`,
    variant,
    backend,
    path,
    pass:
      failure === undefined && stages.stages.length > 0 && stages.stages.every(({ pass }) => pass),
    stages: stages.stages,
    maskIoU: stages.maskIoU,
    seconds: (performance.now() - start) / 1000,
    notCompared: stages.reasons,
    ...failure,
  });
  let json: Json;
  try {
    json = await readJson(path);
  } catch (error) {
    return result('unknown', { error: messageOf(error), unreadable: true });
  }
  const algorithm = algorithmOf(json);
  if (algorithm === undefined) {
    const known = algorithms.map(({ name }) => name).join(', ');
    return result('unknown', { error: `it holds cases of no function known here (${known})` });
  }
  try {
    await algorithm.check(json, stages);
    return result(
      algorithm.name,
      stages.stages.length === 0 ? { error: 'nothing was compared' } : undefined,
    );
  } catch (error) {
    return result(algorithm.name, { error: messageOf(error) });
  }
}

function algorithmOf(json: Json): Algorithm | undefined {
  const { cases } = json;
  const sample = (Array.isArray(cases) ? cases[0] : json) as Json | undefined;
  return algorithms.find(({ fields }) => fields.every((field) => sample?.[field] !== undefined));
}

async function readJson(path: string): Promise<Json> {
  const json: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (typeof json !== 'object' || json === null) {
    throw new SyntaxError(`${path} holds no JSON object`);
  }
  return json as Json;
}
