import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openParityCase } from '@samgpu/testing';

import { asObject } from './description.ts';
import type { Engine } from './engine.ts';
import type { CaseIdentity, Family } from './family.ts';
import { type CaseResult, UnreadableCaseError, UnsupportedCaseError } from './result.ts';
import { messageOf, StageList } from './stage-list.ts';

export interface RunOptions {
  /** What cases can be of. */
  readonly families: readonly Family[];
  readonly engine: Engine;
  /** Whether cases on pictures also run through the public API. @defaultValue true */
  readonly endToEnd?: boolean;
  /** Tells what is being done. */
  readonly progress?: (what: string) => void;
}

const UNKNOWN = 'nothing here computes it';

/**
 * Runs one case folder. Whatever goes wrong is in the result.
 *
 * @param directory - with `case.json`
 */
export async function runCase(
  directory: string,
  { families, engine, endToEnd = true, progress = () => undefined }: RunOptions,
): Promise<CaseResult> {
  const start = performance.now();
  let identity: CaseIdentity & { readonly name: string } = {
    variant: 'unknown',
    repository: '',
    kind: '',
    name: directory,
  };
  let stages = new StageList();
  let ranToItsEnd = false;
  const result = (failure?: unknown): CaseResult => ({
    name: identity.name,
    variant: identity.variant,
    backend: engine.name,
    path: directory,
    pass:
      failure === undefined && stages.stages.length > 0 && stages.stages.every((one) => one.pass),
    stages: stages.stages,
    maskIoU: stages.maskIoU,
    seconds: (performance.now() - start) / 1000,
    notCompared: stages.notCompared(
      failure === undefined || ranToItsEnd ? UNKNOWN : 'the case did not run to its end',
    ),
    ...(failure !== undefined && { error: messageOf(failure) }),
    ...(failure instanceof UnreadableCaseError && { unreadable: true }),
  });
  try {
    identity = await identify(directory);
    const family = families.find(({ matches }) => matches(identity));
    if (family === undefined) {
      const known = families.map(({ name }) => name).join(', ');
      throw new UnsupportedCaseError(
        `variant ${identity.variant} belongs to no known family (${known})`,
      );
    }
    if (family.unsupported !== undefined) {
      throw new UnsupportedCaseError(family.unsupported);
    }
    const parityCase = await readable(() => openParityCase(directory));
    stages = new StageList(parityCase);
    await family.check({ parityCase, directory, engine, stages, endToEnd, progress });
    ranToItsEnd = true;
    return result(incomplete(stages));
  } catch (error) {
    return result(error);
  }
}

/** Tensors that nothing is known of make a case fail: what is not compared may be wrong. */
function incomplete(stages: StageList): UnsupportedCaseError | undefined {
  const unknown = stages.notCompared(UNKNOWN).filter(({ reason }) => reason === UNKNOWN);
  if (unknown.length > 0) {
    const names = unknown.map(({ name }) => name).join(', ');
    return new UnsupportedCaseError(`the case holds what is not known here: ${names}`);
  }
  return stages.stages.length === 0 ? new UnsupportedCaseError('nothing was compared') : undefined;
}

async function identify(directory: string): Promise<CaseIdentity & { readonly name: string }> {
  const text = await readable(() => readFile(join(directory, 'case.json'), 'utf8'));
  const json = await readable(() => asObject(JSON.parse(text), 'the whole'));
  const { name, variant, kind, case: title, reference, official } = json;
  const known = [variant, name].filter((value) => typeof value === 'string');
  if (known.length === 0) {
    throw new UnreadableCaseError('case.json: neither variant nor name, so of what is it?');
  }
  const source = (reference ?? official ?? {}) as Readonly<Record<string, unknown>>;
  const repository = source['repository'] ?? source['repo'] ?? '';
  return {
    variant: known[0]!,
    name:
      typeof name === 'string' ? name : `${known[0]!}/${typeof title === 'string' ? title : ''}`,
    repository: typeof repository === 'string' ? repository : '',
    kind: typeof kind === 'string' ? kind : '',
  };
}

async function readable<Result>(read: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    throw cause instanceof UnreadableCaseError
      ? cause
      : new UnreadableCaseError(messageOf(cause), { cause });
  }
}
