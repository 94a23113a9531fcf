// How far masks of converted weights are from those of the weights in f32, on the pictures and prompts of the official
// outputs. The figures stand in assets/conversion-accuracy.json, from where model cards take them; this test measures
// them again. SAMGPU_WRITE_ACCURACY=1 stores what it measures.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { openParityCase, sharedPath } from '@samgpu/testing';
import type { Variant } from '@samgpu/variant';
import type { TargetDtype } from '@samgpu/weights';
import { decodeRle, type Point, type Prompt, type Rle, readImage } from 'samgpu';
import { afterAll, expect, test, vi } from 'vitest';

import { writeCheckpointOf } from '../fixtures/formula-checkpoint.ts';
import { coffee, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';
import { loadVariant } from '../models/registry.ts';
import { answersOnPicture, gridPrompts } from './answers-on-picture.ts';
import { AgreementTally } from './mask-agreement.ts';
import { accuracyFile, type MeasuredAccuracy, readAccuracyTable } from './stored-accuracy.ts';

vi.setConfig({ testTimeout: 3_600_000 });

/** The dtypes that differ from f32. */
const DTYPES = ['f16', 'int8'] as const satisfies readonly TargetDtype[];

/** Folders of official outputs, with formula weights. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
  'mobile-sam': ['mobile_sam/truck', 'mobile_sam/dog'],
  'efficient-sam-ti': ['efficient_sam_vitt/truck', 'efficient_sam_vitt/dog'],
  'efficient-sam-s': ['efficient_sam_vits/dog'],
  'edge-sam': ['edge_sam/truck', 'edge_sam/dog'],
  'sam-hq-vit-tiny': ['hq_vit_tiny/dog'],
  'sam-vit-b': ['sam_vit_b/truck', 'sam_vit_b/dog'],
};

const shared = sharedPath('parity');
const isWriting = process.env['SAMGPU_WRITE_ACCURACY'] === '1';
const place = new TemporaryFolder();
afterAll(() => place[Symbol.dispose]());

// A model that was never measured has no claim that could be wrong.
const claimed = readAccuracyTable();
const measured = Object.entries(MODELS).filter(([model]) => isWriting || model in claimed);

test.skipIf(shared === undefined).each(measured)(
  '%s on official cases (needs ../shared)',
  async (model, cases) => {
    const folders = cases.map((name) => join(shared!, name));
    const variant = await loadVariant(model);
    const parity = await openParityCase(folders[0]!);
    const weights = parity.weights(variant.weightShapes!());
    const checkpoint = await writeCheckpointOf(weights, place.at(model));
    const scenes = await Promise.all(folders.map((folder) => sceneOf(folder, variant)));
    expect(await measureAnew(model, checkpoint, scenes, 'formula')).toEqual([]);
  },
);

// Its first weights: those in the package are quantised already.
const halfNano = sharedPath('nano', 'nano.safetensors');
test.skipIf(halfNano === undefined)('nano on a photograph (needs ../shared)', async () => {
  const pixels = await readImage(coffee);
  const scene = { picture: coffee, name: 'coffee.jpg', prompts: () => gridPrompts(pixels) };
  expect(await measureAnew('nano', halfNano!, [scene], 'trained')).toEqual([]);
});

/** A picture with its prompts, of which one may need what came out for the first. */
interface Scene {
  readonly picture: string;
  readonly name: string;
  prompts(first?: Rle): Prompt[];
}

interface CasePrompt {
  readonly points?: readonly (readonly [number, number])[];
  readonly labels?: readonly number[];
  readonly box?: readonly [number, number, number, number];
  readonly mask_input?: object;
}

async function sceneOf(folder: string, { capabilities }: Variant): Promise<Scene> {
  const { image, prompts } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
    readonly image: { readonly file: string };
    readonly prompts: readonly CasePrompt[];
  };
  return {
    picture: join(folder, image.file),
    name: basename(image.file),
    prompts: (first) =>
      prompts
        .filter(({ mask_input }) => mask_input === undefined || first !== undefined)
        .map((prompt) => promptOf(prompt, capabilities.excludePoints, first)),
  };
}

/** Corners of a box may come as points; what a model was not taught is left out. */
function promptOf(
  { points = [], labels = [], box, mask_input }: CasePrompt,
  withExcluded: boolean,
  first: Rle | undefined,
): Prompt {
  const labelled = points.map(([x, y], index) => ({ x, y, label: labels[index] }));
  const corners = labelled.filter(({ label }) => label === 2 || label === 3);
  const sides = box ?? corners.flatMap(({ x, y }) => [x, y]);
  const [left = 0, top = 0, right = 0, bottom = 0] = sides;
  const clicks = labelled
    .filter(({ label }) => label === 1 || (label === 0 && withExcluded))
    .map(({ x, y, label }): Point => ({ x, y, label: label === 1 ? 'include' : 'exclude' }));
  return {
    ...(clicks.length > 0 && { points: clicks }),
    ...(sides.length > 0 && {
      box: { x: left, y: top, width: right - left, height: bottom - top },
    }),
    ...(mask_input !== undefined && first !== undefined && { mask: decodeRle(first) }),
  };
}

/** @returns where the stored figures are not those that are measured now */
async function measureAnew(
  model: string,
  checkpoint: string,
  scenes: readonly Scene[],
  weights: MeasuredAccuracy['weights'],
): Promise<string[]> {
  const variant = await loadVariant(model);
  const tallies = { f16: new AgreementTally(), int8: new AgreementTally() };
  for (const dtype of DTYPES) {
    const { code, stderr } = await runSamgpu(
      ['convert', checkpoint, '--model', model, '--dtype', dtype].concat(
        '--output',
        folderOf(model, dtype),
      ),
    );
    if (code !== 0) throw new Error(stderr);
  }
  for (const scene of scenes) {
    const pixels = await readImage(scene.picture);
    const first = scene.prompts().slice(0, 1);
    const [begin] = await answersOnPicture(variant, checkpoint, pixels, first);
    const prompts = scene.prompts(begin![0]);
    const expected = await answersOnPicture(variant, checkpoint, pixels, prompts);
    for (const dtype of DTYPES) {
      const got = await answersOnPicture(variant, folderOf(model, dtype), pixels, prompts);
      expected.forEach((masks, index) => tallies[dtype].add(masks, got[index]!));
    }
  }
  const on = scenes.map(({ name }) => name);
  return DTYPES.flatMap((dtype) => {
    const result: MeasuredAccuracy = { on, weights, ...tallies[dtype].result() };
    if (isWriting) store(model, dtype, result);
    return differences(readAccuracyTable()[model]?.[dtype], result).map(
      (what) => `${model} in ${dtype}: ${what}`,
    );
  });
}

function folderOf(model: string, dtype: TargetDtype): string {
  return place.at(`${model}-${dtype}`);
}

function differences(stored: MeasuredAccuracy | undefined, measured: MeasuredAccuracy): string[] {
  if (stored === undefined) return ['nothing is stored'];
  const found: string[] = [];
  const look = (name: keyof MeasuredAccuracy, isEqual: boolean): void => {
    if (!isEqual)
      found.push(`${name} is ${String(stored[name])}, measured ${String(measured[name])}`);
  };
  look('on', stored.on.join() === measured.on.join());
  look('weights', stored.weights === measured.weights);
  look('masks', stored.masks === measured.masks);
  // Other processors sum in another order; that moves single pixels, most in the worst of all masks.
  look('meanIou', Math.abs(stored.meanIou - measured.meanIou) < 0.001);
  look('smallestIou', Math.abs(stored.smallestIou - measured.smallestIou) < 0.01);
  return found;
}

function store(model: string, dtype: TargetDtype, measured: MeasuredAccuracy): void {
  const table = existsSync(accuracyFile) ? readAccuracyTable() : {};
  const rounded = {
    ...measured,
    meanIou: Number(measured.meanIou.toFixed(5)),
    smallestIou: Number(measured.smallestIou.toFixed(5)),
  };
  const next = { ...table, [model]: { ...table[model], [dtype]: rounded } };
  writeFileSync(accuracyFile, `${JSON.stringify(next, undefined, 2)}\n`);
}
