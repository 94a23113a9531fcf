import { expect, test } from 'vitest';

import { modelFiles } from '../../model-files.js';
import { fileNameOf, variants, variantsFrom } from './variants.ts';

test('the server of npm run studio knows where each model is published', () => {
  const published = variants.flatMap((variant) => {
    const { weights } = variant;
    const isFetched = weights.kind === 'file' && variant.name !== 'nano';
    return isFetched ? [[fileNameOf(variant), weights.url.href] as const] : [];
  });
  expect(new Map(published)).toEqual(modelFiles);
});

test('models are taken from a folder under the hashes that they have', () => {
  const moved = variantsFrom(new URL('https://site.test/studio/models/'));
  const one = moved.find(({ name }) => name === 'sam2.1-tiny')!;
  expect(one.weights).toMatchObject({
    url: new URL('https://site.test/studio/models/sam2.1_hiera_tiny.pt'),
    sha256: expect.stringMatching(/^7402e0d8/),
  });
  expect(moved.find(({ name }) => name === 'nano')).toBe(variants[0]);
  expect(moved.map(({ name }) => name)).toEqual(variants.map(({ name }) => name));
});
