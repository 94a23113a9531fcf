/** The tests of whole networks, at reduced and at full size. */
import { sharedPath } from '@samgpu/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { checkInput, embed, type FeatureValues } from '../../../sam/src/parity/check-encoder.ts';
import { checkPrompt } from '../../../sam/src/parity/check-prompt.ts';
import { describeDecoder, describeNetwork, type Place } from '../../../sam/src/parity/describe.ts';
import { formulaMap } from '../../../sam/src/parity/golden.ts';
import { openEdgeCase, openEdgeDecoderCase, withStability } from './edge-sam-case.ts';

type Start = () => Promise<Place>;

/** @param path - of a case with a picture, below `parity` in ../shared */
export async function describeEdgeSam(name: string, start: Start, path: string): Promise<void> {
  const folder = sharedPath('parity', ...path.split('/'));
  const network = folder === undefined ? undefined : await openEdgeCase(folder);
  describe.skipIf(network === undefined)(`${path} on ${name} (needs ../shared)`, () => {
    if (network === undefined) {
      return;
    }
    describeNetwork(name, start, network);

    let place: Place;
    let features: FeatureValues;
    beforeAll(async () => {
      place = await start();
      features = await embed(network, place.run);
    });
    afterAll(() => place.stop?.());

    test('gets the official input', async () => {
      await expect(checkInput(network)).resolves.toBeUndefined();
    });

    const stable = withStability(network);
    test.each(stable.prompts)('scores all masks of $name by stability', async (prompt) => {
      await expect(checkPrompt(stable, prompt, features, place.run)).resolves.toBeUndefined();
    });
  });
}

/** @param path - of a case without encoder, below `parity` in ../shared */
export async function describeEdgeDecoder(name: string, start: Start, path: string): Promise<void> {
  const folder = sharedPath('parity', ...path.split('/'));
  const decoderCase = folder === undefined ? undefined : await openEdgeDecoderCase(folder);
  describe.skipIf(decoderCase === undefined)(`${path} on ${name} (needs ../shared)`, () => {
    if (decoderCase === undefined) {
      return;
    }
    const features = { embedding: formulaMap(decoderCase.golden, 'image_embedding') };
    describeDecoder(name, start, decoderCase, features);
    describeDecoder(`${name}, by stability`, start, withStability(decoderCase), features);
  });
}
