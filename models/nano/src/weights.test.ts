import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { weightsBytes, weightsSha256, weightsUrl } from './weights.ts';

test('the stated size and hash are those of the file that travels with the package', async () => {
  const bytes = await readFile(weightsUrl);
  expect(bytes.byteLength).toBe(weightsBytes);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(weightsSha256);
});
