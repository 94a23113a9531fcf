import { expect, test } from 'vitest';

import { compareAbsentTokens } from './fixtures/absent-tokens.ts';

test.each(['interpreter', 'onnx'] as const)('absent tokens change nothing on %s', async (name) => {
  await expect(compareAbsentTokens(name)).resolves.toBeUndefined();
});
