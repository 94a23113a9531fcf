import { FormulaWeightStore } from '@samgpu/testing';
import { memorySource, openSafetensors, type OpenWeights, writeSafetensors } from '@samgpu/weights';
import { expect, test } from 'vitest';

import { loadVariant, modelNames } from '../models/registry.ts';
import { recogniseModel } from './recognise-model.ts';

/** A checkpoint that is only looked at: no tensor is read. */
async function checkpointOf(
  model: string,
  rename: (name: string) => string = (name) => name,
): Promise<OpenWeights> {
  const variant = await loadVariant(model);
  const shapes = [...variant.weightShapes!()].map(
    ([name, shape]) => [rename(name), shape] as const,
  );
  const { tensors } = new FormulaWeightStore(new Map(shapes), { seed: 1 });
  return {
    tensors,
    fingerprint: model,
    metadata: new Map(),
    read: () => Promise.reject(new Error('nothing is to be read')),
    readChunks: () => {
      throw new Error('nothing is to be read');
    },
    close: async () => undefined,
  };
}

const withShapes: string[] = [];
for (const name of modelNames) {
  if ((await loadVariant(name)).weightShapes !== undefined) withShapes.push(name);
}

test.each(withShapes)('%s is recognised by its tensors', async (model) => {
  const { weights, model: recognised } = await recogniseModel(await checkpointOf(model), []);
  expect(recognised).toBe(model);
  const { weightShapes } = await loadVariant(model);
  expect([...weights.tensors.keys()].sort()).toEqual([...weightShapes!().keys()].sort());
});

test('a checkpoint that lacks a tensor, and one of something else', async () => {
  const missing = await checkpointOf('mobile-sam', (name) =>
    name === 'mask_decoder.iou_token.weight' ? 'mask_decoder.iou.weight' : name,
  );
  await expect(recogniseModel(missing, [])).rejects.toMatchObject({ code: 'unknown-model' });
  const other = await openSafetensors(
    memorySource(writeSafetensors([['a', { dtype: 'f32', shape: [1], bytes: new Uint8Array(4) }]])),
  );
  await expect(recogniseModel(other, [])).rejects.toThrow(
    /no model that is known: got 1 tensors \(a, …\), wanted those of nano, .*--model/,
  );
  await expect(recogniseModel(other, [], 'sam-vit-b')).rejects.toMatchObject({
    code: 'unknown-weights',
  });
});
