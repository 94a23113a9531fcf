import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import { expect, test } from 'vitest';

import { compareAbsentTokens } from './fixtures/absent-tokens.ts';

const gpu = await openTestDevice();

test.skipIf(gpu === undefined)(`absent tokens change nothing${missingDevice()}`, async () => {
  await expect(compareAbsentTokens('webgpu')).resolves.toBeUndefined();
});
