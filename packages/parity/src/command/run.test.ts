import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { CaseResult } from '../core/result.ts';
import { runCommand } from './run.ts';

const models = fileURLToPath(new URL('../../../../models/', import.meta.url));
const algorithms = fileURLToPath(new URL('../../../mask/fixtures/algorithms/', import.meta.url));
const decoder = join(models, 'efficient-sam/fixtures/efficient_sam_vitt_256/decoder');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-parity-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const code = await runCommand(args, {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
  });
  return { code, ...written };
}

async function runJson(...args: string[]): Promise<{ code: number; cases: CaseResult[] }> {
  const { code, out } = await run(...args, '--json');
  return { code, ...(JSON.parse(out) as { cases: CaseResult[] }) };
}

/** A copy of a case, with its description changed. */
async function changed(
  name: string,
  change: (json: Record<string, unknown>) => void,
): Promise<string> {
  const copy = join(folder, name);
  await cp(decoder, copy, { recursive: true });
  const path = join(copy, 'case.json');
  const json = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  change(json);
  await writeFile(path, JSON.stringify(json));
  return copy;
}

describe('a case', () => {
  test('passes, with every stage and nothing left over, wherever it lies', async () => {
    const place = join(folder, 'some', 'where');
    await cp(decoder, place, { recursive: true });
    const { code, cases } = await runJson(folder);
    expect(code).toBe(0);
    const [result] = cases as [CaseResult];
    expect(result).toMatchObject({
      name: 'efficient_sam_vitt_256/decoder',
      variant: 'efficient_sam_vitt_256',
      backend: 'onnx',
      path: place,
      pass: true,
      maskIoU: 1,
      notCompared: [],
    });
    const names = result.stages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['dense_pe', 'p1.sparse', 'p1.multi.masks']));
    expect(result.stages.every(({ maxAbs, limit }) => maxAbs <= limit)).toBe(true);
  });

  test('is printed stage by stage, or in one line', async () => {
    const { out } = await run(decoder);
    expect(out).toMatch(/^pass {2}efficient_sam_vitt_256\/decoder on onnx: .* masks IoU 1\.0/);
    expect(out).toMatch(/ p1\.multi\.low_res +max \S+ of \S+, relative \S+\n/);
    expect(out).toMatch(/ p1\.multi\.masks +max 0 of \S+, IoU 1\.000000, 0 pixels differ\n/);
    const { out: brief } = await run(decoder, '--brief');
    expect(brief).not.toContain('p1.multi.low_res');
    expect(brief).toContain('1 of 1 cases pass');
  });

  test('fails where a number is off by more than its limit, and says where', async () => {
    const wrong = await changed('wrong', (json) => {
      json['seed'] = 12;
    });
    const { code, out } = await run(wrong);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}efficient_sam_vitt_256\/decoder on onnx/);
    expect(out).toMatch(/! weights\.values/);
    expect(out).toMatch(/! p1\.multi\.low_res/);
  });

  test('of a variant that is not known fails and says so, beside others that pass', async () => {
    const unknown = await changed('unknown', (json) => {
      json['variant'] = 'sam_9';
    });
    const { code, cases } = await runJson(unknown, join(algorithms, 'nms.json'));
    expect(code).toBe(1);
    expect(cases.map(({ pass }) => pass)).toEqual([false, true]);
    expect(cases[0]!.error).toContain('sam_9');
  });

  test.each([
    [
      'settings',
      (json: Record<string, unknown>) => {
        (json['config'] as Record<string, unknown>)['patch_size'] = 8;
      },
      'patch_size is 8',
    ],
    [
      'options',
      (json: Record<string, unknown>) => {
        const outputs = json['outputs'] as Record<string, { options: unknown }>;
        outputs['p1.multi']!.options = { best_of: 5 };
      },
      'best_of',
    ],
  ])('with %s that are not known fails and names them', async (name, change, message) => {
    const { code, cases } = await runJson(await changed(name, change));
    expect(code).toBe(1);
    const { error = '', stages } = cases[0]!;
    const problems = [error, ...stages.map((stage) => stage.error ?? '')];
    expect(problems.some((problem) => problem.includes(message))).toBe(true);
  });

  test('with a tensor that nothing computes fails and names it', async () => {
    const extra = await changed('extra', (json) => {
      const prompts = json['prompts'] as { name: string }[];
      const outputs = json['outputs'] as Record<string, { prompt: string }>;
      json['prompts'] = prompts.filter(({ name }) => name !== 'p2');
      json['outputs'] = Object.fromEntries(
        Object.entries(outputs).filter(([, { prompt }]) => prompt !== 'p2'),
      );
    });
    const { code, cases } = await runJson(extra);
    expect(code).toBe(1);
    expect(cases[0]!.error).toContain('p2.multi.low_res');
    expect(cases[0]!.notCompared.map(({ name }) => name)).toContain('p2.sparse');
  });
});

describe('exit code 2', () => {
  test('for a case that cannot be read, after the others have run', async () => {
    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken', 'case.json'), '{"variant": "sam_vit_b"');
    await cp(decoder, join(folder, 'whole'), { recursive: true });
    const { code, cases } = await runJson(folder);
    expect(code).toBe(2);
    expect(cases.map(({ pass, unreadable }) => [pass, unreadable])).toEqual([
      [false, true],
      [true, undefined],
    ]);
  });

  test('for a case whose tensors are missing', async () => {
    const { code, cases } = await runJson(
      await changed('bare', () => undefined).then(async (path) => {
        await rm(join(path, 'golden.safetensors'));
        return path;
      }),
    );
    expect(code).toBe(2);
    expect(cases[0]!.error).toContain('golden.safetensors');
  });

  test.each([
    ['no path', []],
    ['an unknown backend', ['--backend', 'cuda', decoder]],
    ['an unknown option', ['--fast', decoder]],
    ['a path that does not exist', ['/nowhere/at/all']],
    ['a folder without cases', [join(models, 'sam/src')]],
  ])('for %s', async (_, args) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('usage: npm run parity');
  });
});

test('model-free algorithms run from their files', async () => {
  const { code, cases } = await runJson(algorithms);
  expect(code).toBe(0);
  expect(cases.map(({ variant }) => variant)).toContain('nms');
  expect(cases.every(({ stages }) => stages.length > 0)).toBe(true);
});
