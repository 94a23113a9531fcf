// Official checkpoints, and those of transformers, of a SAM at reduced size.
import { fixturePath } from '@samgpu/parity/vitest';
import { FormulaWeightStore } from '@samgpu/testing';
import { Segmenter } from 'samgpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { maskDecoder } from './config.ts';
import { defineSam } from './define-sam.ts';
import { huggingFaceCheckpoint } from './fixtures/hugging-face-checkpoint.ts';
import { clickOn, safetensorsOf, SavedCheckpoints } from './fixtures/saved-checkpoints.ts';
import { samVitB, samVitH, samVitL } from './sam.ts';

const decoder = { ...maskDecoder, imageSize: 256 };
const encoder = { width: 192, depth: 2, heads: 3, globalBlocks: [1] };
const small = defineSam({ ...samVitB, name: 'sam-small' }, encoder, decoder);
const wide = defineSam({ ...samVitB, name: 'sam-wide' }, { ...encoder, width: 240 }, decoder);
const picture = fixturePath(import.meta.url, 'images/formula_200x150_11.png');
const weights = new FormulaWeightStore(small.weightShapes!(), { seed: 5 });

let files: SavedCheckpoints;
beforeAll(async () => {
  files = await SavedCheckpoints.create();
});
afterAll(() => files.remove());

describe('a checkpoint of SAM', () => {
  test('gives the same masks in every format and under every name', async () => {
    const expected = await clickOn(picture, small, {
      weights: await files.torch('official.pth', weights),
    });
    expect(expected).toHaveLength(3);
    const others = {
      'official.safetensors': files.safetensors('official.safetensors', weights),
      'below a key': files.torch('keyed.pth', weights, 'model'),
      'transformers.pth': files.torch('transformers.pth', huggingFaceCheckpoint(weights)),
      'model.safetensors': files.safetensors('model.safetensors', huggingFaceCheckpoint(weights)),
      'positions of the image alone': files.safetensors(
        'image.safetensors',
        huggingFaceCheckpoint(weights, 'image'),
      ),
      'positions of prompts alone': files.safetensors(
        'prompts.safetensors',
        huggingFaceCheckpoint(weights, 'prompts'),
      ),
    };
    for (const [name, path] of Object.entries(others)) {
      const got = await clickOn(picture, small, { weights: await path });
      expect({ name, masks: got }).toEqual({ name, masks: expected });
    }
    // Another network gives other masks, so what is equal above is no accident.
    const other = new FormulaWeightStore(small.weightShapes!(), { seed: 6 });
    const bytes = await safetensorsOf(other);
    expect(await clickOn(picture, small, { weights: bytes })).not.toEqual(expected);
  });

  test('of another size says which tensor differs', async () => {
    const path = await files.torch('small.pth', weights);
    await expect(Segmenter.load(wide, { weights: path })).rejects.toMatchObject({
      name: 'VariantError',
      code: 'wrong-weights',
      message: expect.stringMatching(
        /^tensor ".+" has shape \[.*192.*\], wanted \[.*240.*\] for sam-wide/,
      ),
    });
  });

  test('under unknown names says what was found and what was wanted', async () => {
    const strange = new FormulaWeightStore(new Map([['model.layers.0.weight', [4]]]), { seed: 1 });
    await expect(
      Segmenter.load(small, { weights: await safetensorsOf(strange) }),
    ).rejects.toMatchObject({
      name: 'VariantError',
      code: 'unknown-weights',
      message: expect.stringMatching(
        /got 1 tensors called model\.layers\.0\.weight, wanted image_encoder\..*\(official\) or vision_encoder\..*\(Hugging Face/,
      ),
    });
  });

  test('that lacks a tensor names it', async () => {
    const shapes = new Map(small.weightShapes!());
    shapes.delete('image_encoder.neck.2.weight');
    const cut = new FormulaWeightStore(shapes, { seed: 5 });
    await expect(Segmenter.load(small, { weights: await safetensorsOf(cut) })).rejects.toThrow(
      'there is no tensor "image_encoder.neck.2.weight"',
    );
  });
});

// Sizes of official files are known, and the tensors make up nearly all of them.
test.each([samVitB, samVitL, samVitH])('$name has as many parameters as its file', (variant) => {
  const shapes = [...variant.weightShapes!().values()];
  const parameters = shapes
    .map((shape) => shape.reduce((product, length) => product * length, 1))
    .reduce((sum, count) => sum + count, 0);
  const { weights } = variant;
  const bytes = weights.kind === 'file' ? weights.bytes! : 0;
  expect(bytes).toBeGreaterThan(4 * parameters);
  // Names, shapes and padding of every tensor to 64 bytes.
  expect(bytes - 4 * parameters).toBeLessThan(400 * shapes.length);
});
