// `samgpu tune` as a whole process: the encoder and both decoders of nano.

import { missingDevice, openTestDevice } from '@samgpu/testing/gpu';
import type { ModelTuning } from 'samgpu';
import { describe, expect, test } from 'vitest';

import { runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';

const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`samgpu tune${missingDevice()}`, () => {
  test('measures once, keeps it in the cache folder, and says what won', async () => {
    using folder = new TemporaryFolder();
    const environment = { SAMGPU_CACHE: folder.path };
    const first = await runSamgpu(['tune', '--json'], { environment });
    expect(first).toMatchObject({ code: 0 });
    const { graphs } = JSON.parse(first.stdout) as ModelTuning;
    expect(graphs.map(({ name }) => name)).toEqual([
      'nano.encoder',
      'nano.decoder.1x4',
      'nano.decoder.64x4',
    ]);
    const second = await runSamgpu(['tune'], { environment });
    expect(second.stdout).toContain('known from an earlier run');
    expect(second.stdout).toContain('measure again with --again');
  }, 600_000);
});
