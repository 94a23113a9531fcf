// `samgpu convert` as a whole process, on a checkpoint of pseudorandom weights.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { openWeightFolder, readFloat32 } from '@samgpu/weights';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { writeFormulaCheckpoint } from '../fixtures/formula-checkpoint.ts';
import { coffee, outcomeOf, runSamgpu, startSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import type { Conversion } from './report-conversion.ts';

let place: TemporaryFolder;
let checkpoint: string;
beforeAll(async () => {
  place = new TemporaryFolder();
  checkpoint = await writeFormulaCheckpoint('mobile-sam', place.at('checkpoint'));
});
afterAll(() => place[Symbol.dispose]());

const convert = (...args: string[]) =>
  runSamgpu(['convert', checkpoint, ...args], { cwd: place.path });

interface Manifest {
  readonly kind: string;
  readonly model: string;
  readonly dtype: string;
  readonly source: readonly { readonly name: string; readonly sha256: string }[];
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(place.at(folder, 'manifest.json'), 'utf8')) as Manifest;
}

/** A mask that MobileSAM makes with these weights. */
async function segment(weights: string): Promise<Buffer> {
  using folder = new TemporaryFolder();
  const model = ['--model', 'mobile-sam', '--weights', weights, '--backend', 'onnx'];
  const { code, stderr } = await runSamgpu(
    ['segment', coffee, '--point', '290,135', '--output', folder.path].concat(model),
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return readFileSync(folder.at('coffee.mask.png'));
}

const sha256 = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

describe('a checkpoint', () => {
  test.each([
    { dtype: 'f32', share: 1 },
    { dtype: 'f16', share: 0.5 },
    { dtype: 'int8', share: 0.29 }, // A classifier that nothing uses, norms and scales are f32.
  ])('becomes $dtype, with manifest and model card', async ({ dtype, share }) => {
    const folder = `as-${dtype}`;
    const { code, stdout, stderr } = await convert('--dtype', dtype, '--output', folder, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const conversion = JSON.parse(stdout) as Conversion;
    expect(conversion).toMatchObject({
      model: 'mobile-sam',
      dtype,
      kept: [],
      output: place.at(folder),
    });

    const manifest = manifestOf(folder);
    expect(manifest).toMatchObject({
      kind: 'weights',
      model: 'mobile-sam',
      dtype,
      source: [{ name: 'model.safetensors', sha256: sha256(checkpoint) }],
    });
    expect(place.list(folder)).toEqual(['README.md', 'manifest.json', 'model.safetensors']);
    for (const { name, bytes, sha256: wanted } of manifest.files) {
      expect(readFileSync(place.at(folder, name)).byteLength).toBe(bytes);
      expect(sha256(place.at(folder, name))).toBe(wanted);
    }
    expect(conversion.files[0]!.bytes / readFileSync(checkpoint).byteLength).toBeCloseTo(share, 1);

    const card = readFileSync(place.at(folder, 'README.md'), 'utf8');
    expect(card).toMatch(/^---\nlicense: apache-2\.0\n/);
    expect(card).toContain(`# MobileSAM, ${dtype}`);
    expect(card).toContain(`await Segmenter.load(mobileSam, { weights: '${folder}' })`);
    expect(card).toContain(sha256(checkpoint));
  });

  test('in several files, and segments like the one that it came from', async () => {
    const { code } = await convert('--dtype', 'f32', '--output', 'split', '--shard-size', '10MB');
    expect(code).toBe(0);
    expect(manifestOf('split').files.map(({ name }) => name)).toEqual([
      ...[1, 2, 3, 4, 5].map((index) => `model-0000${index}-of-00005.safetensors`),
      'model.safetensors.index.json',
      'README.md',
    ]);
    const mask = await segment(checkpoint);
    expect((await segment(place.at('split'))).equals(mask)).toBe(true);
  });

  test('can be converted again, and keeps its names', async () => {
    const again = await runSamgpu(
      ['convert', 'as-int8', '--dtype', 'f32', '--output', 'from-int8'],
      { cwd: place.path },
    );
    expect(again).toMatchObject({ code: 0 });
    const [quantized, floats] = await Promise.all(
      ['as-int8', 'from-int8'].map((folder) => openWeightFolder(place.at(folder))),
    );
    const path = 'mask_decoder.output_upscaling.0.weight';
    expect(quantized!.tensors.get(path)?.scales).toEqual({ path: `${path}.scale`, axis: 1 });
    expect(floats!.tensors.get(path)).toMatchObject({ dtype: 'f32' });
    expect(await readFloat32(floats!, path)).toEqual(await readFloat32(quantized!, path));
    await Promise.all([quantized!.close(), floats!.close()]);
    // What the model computes of numbers and scales is what is stored as floats here.
    const mask = await segment(place.at('from-int8'));
    expect((await segment(place.at('as-int8'))).equals(mask)).toBe(true);
    expect((await segment(checkpoint)).equals(mask)).toBe(false);
  });
});

test('nano is measured on a picture', async () => {
  const weights = new URL('../../../../models/nano/weights/nano.safetensors', import.meta.url);
  const { code, stdout } = await runSamgpu(
    [
      'convert',
      weights.pathname,
      '--dtype',
      'int8',
      '--output',
      'nano-int8',
      '--image',
      coffee,
      '--json',
    ],
    { cwd: place.path },
  );
  expect(code).toBe(0);
  const { model, measured } = JSON.parse(stdout) as Conversion;
  expect(model).toBe('nano');
  // One mask and three alternatives for each of 16 clicks.
  expect(measured).toMatchObject({ picture: 'coffee.jpg', prompts: 16, masks: 64 });
  expect(measured!.meanIou).toBeGreaterThan(0.95);
  expect(measured!.meanIou).toBeLessThan(1);
  const card = readFileSync(place.at('nano-int8', 'README.md'), 'utf8');
  expect(card).toContain(
    `| coffee.jpg, this checkpoint, 16 clicks | 64 | ${measured!.meanIou.toFixed(4)} |`,
  );
});

describe('what is there', () => {
  test('is not replaced unasked', async () => {
    await convert('--output', 'mine');
    const before = sha256(place.at('mine', 'model.safetensors'));
    const refused = await convert('--dtype', 'int8', '--output', 'mine');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('is there already; choose another folder, or add --force');
    expect(sha256(place.at('mine', 'model.safetensors'))).toBe(before);
    expect(await convert('--dtype', 'int8', '--output', 'mine', '--force')).toMatchObject({
      code: 0,
    });
    expect(manifestOf('mine').dtype).toBe('int8');
  });

  test('stays alone when the conversion is interrupted', async () => {
    const child = startSamgpu(['convert', checkpoint, '--output', 'interrupted'], {
      cwd: place.path,
    });
    const ending = outcomeOf(child);
    const drafts = (): string[] => place.list().filter((name) => name.startsWith('.'));
    while (drafts().length === 0 && child.exitCode === null) await delay(2);
    child.kill('SIGINT');
    expect((await ending).code).toBe(130);
    expect(drafts()).toEqual([]);
    expect(existsSync(place.at('interrupted'))).toBe(false);
  });
});

test.each([
  { args: ['nothing.pt'], message: 'There is no checkpoint nothing.pt' },
  { args: [coffee], message: 'the file of' },
  { args: ['CHECKPOINT', '--model', 'sam-vit-b'], message: 'these are not weights of sam-vit-b' },
  { args: ['CHECKPOINT', '--model', 'sam-vit-x'], message: 'There is no model "sam-vit-x"' },
  { args: ['CHECKPOINT', '--dtype', 'f8'], message: 'Allowed choices are f32, f16, int8' },
  { args: ['CHECKPOINT', '--shard-size', '1 TB'], message: 'Wanted a number of bytes' },
  { args: ['CHECKPOINT', '--image', 'none.jpg'], message: 'none.jpg' },
])('$message', async ({ args, message }) => {
  const given = args.map((argument) => (argument === 'CHECKPOINT' ? checkpoint : argument));
  const { code, stderr } = await runSamgpu(['convert', ...given, '--output', 'refused'], {
    cwd: place.path,
  });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(existsSync(place.at('refused'))).toBe(false);
});
