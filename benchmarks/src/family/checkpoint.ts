import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type FormulaOptions, FormulaWeightStore } from '@samgpu/testing';
import type { Variant } from '@samgpu/variant';
import { type TensorToWrite, writeSafetensors } from '@samgpu/weights';

/** A checkpoint on disk, which goes with `dispose`. */
export interface Checkpoint extends AsyncDisposable {
  readonly path: string;
}

/**
 * Writes a checkpoint of a variant with weights that are a formula of their names: every engine gets
 * the same, and nothing has to be downloaded. What networks compute takes as long with any weights.
 */
export async function writeCheckpoint(
  variant: Variant,
  rules: FormulaOptions = { seed: 1, family: 'sam' },
): Promise<Checkpoint> {
  const shapes = variant.weightShapes?.();
  if (shapes === undefined) {
    throw new Error(`${variant.name} does not tell the tensors of its checkpoint`);
  }
  const store = new FormulaWeightStore(shapes, rules);
  const tensors: [string, TensorToWrite][] = [];
  for (const [name, { shape, dtype }] of store.tensors) {
    tensors.push([name, { shape, dtype, bytes: await store.read(name) }]);
  }
  const folder = await mkdtemp(join(tmpdir(), 'samgpu-bench-'));
  const path = join(folder, `${variant.name}.safetensors`);
  await writeFile(path, writeSafetensors(tensors));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
