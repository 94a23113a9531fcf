import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Place } from '../../../sam/src/parity/describe.ts';
import { checkWeights } from './case-files.ts';
import { checkEncoder, checkInput, checkPrompt, type FeatureValues } from './check-image.ts';
import type { ImageCase } from './image-case.ts';

/** The network from a picture to masks at its size. */
export function describeImage(
  name: string,
  start: () => Promise<Place>,
  imageCase: ImageCase,
): void {
  describe(`${imageCase.golden.name} on ${name}`, () => {
    let place: Place | undefined;
    let features: FeatureValues | undefined;
    beforeAll(async () => {
      place = await start();
    });
    afterAll(() => place?.stop?.());

    test('has the official weights and input', async () => {
      checkWeights(imageCase);
      await expect(checkInput(imageCase)).resolves.toBeUndefined();
    });

    test('gives the official features by the official stages', async () => {
      features = await checkEncoder(imageCase, place!.run);
      expect(Object.keys(features)).toEqual(['embedding', 'eighths', 'quarters']);
    });

    test.each(imageCase.prompts)('gives the official masks for $name', async (prompt) => {
      const checked = checkPrompt(imageCase, prompt, features!, place!.run);
      await expect(checked).resolves.toBeUndefined();
    });
  });
}
