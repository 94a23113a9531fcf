/** The tests of whole networks and of decoders, at reduced and at full size. */
import type { HostValue } from '@samgpu/graph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { PromptCase } from '../../../sam/src/parity/case.ts';
import type { Place } from '../../../sam/src/parity/describe.ts';
import { formulaMap } from '../../../sam/src/parity/golden.ts';
import { checkEmbedding, checkEncoderStages, checkInput, embed } from './check-encoder.ts';
import { checkPrompt } from './check-prompt.ts';
import type { EfficientCase } from './efficient-sam-case.ts';

/** From a picture to masks at the picture's size. */
export function describeEfficientSam(
  name: string,
  start: () => Promise<Place>,
  efficientCase: EfficientCase,
): void {
  describe(`${efficientCase.golden.name} on ${name}`, () => {
    let place: Place;
    let embedding: HostValue;
    beforeAll(async () => {
      place = await start();
      embedding = await embed(efficientCase, place.run);
    });
    afterAll(() => place.stop?.());

    test('gets the official input', async () => {
      await expect(checkInput(efficientCase)).resolves.toBeUndefined();
    });

    test('gives the official embedding', async () => {
      await expect(checkEmbedding(efficientCase, embedding)).resolves.toBeUndefined();
    });

    test('gives it by the official stages', async () => {
      await expect(checkEncoderStages(efficientCase, place.run)).resolves.toBeUndefined();
    });

    test.each(efficientCase.prompts)('gives the official masks for $name', async (prompt) => {
      const checked = checkPrompt(efficientCase, prompt, embedding, place.run);
      await expect(checked).resolves.toBeUndefined();
    });
  });
}

/** The decoder by itself, on an embedding that is no picture's. */
export function describeDecoder(
  name: string,
  start: () => Promise<Place>,
  decoderCase: PromptCase,
): void {
  describe(`${decoderCase.golden.name} on ${name}`, () => {
    let place: Place;
    beforeAll(async () => {
      place = await start();
    });
    afterAll(() => place.stop?.());

    const embedding = formulaMap(decoderCase.golden, 'image_embedding');
    test.each(decoderCase.prompts)('gives the official masks for $name', async (prompt) => {
      const checked = checkPrompt(decoderCase, prompt, embedding, place.run);
      await expect(checked).resolves.toBeUndefined();
    });
  });
}
