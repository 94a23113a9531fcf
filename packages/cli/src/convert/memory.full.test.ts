import { expect, test, vi } from 'vitest';

import { writeFormulaCheckpoint } from '../fixtures/formula-checkpoint.ts';
import { reportPeak, runSamgpu } from '../fixtures/run-samgpu.ts';
import { TemporaryFolder } from '../fixtures/temporary-folder.ts';

vi.setConfig({ testTimeout: 600_000 });

test('a checkpoint of 1.25 GB is converted in 350 MB', async () => {
  using folder = new TemporaryFolder();
  const checkpoint = await writeFormulaCheckpoint('sam-vit-l', folder.at('checkpoint'));
  for (const dtype of ['f16', 'int8']) {
    const { code, stderr } = await runSamgpu(
      ['convert', checkpoint, '--dtype', dtype, '--output', dtype],
      { cwd: folder.path, nodeArguments: reportPeak },
    );
    expect(code).toBe(0);
    // Node.js and the library take 125 MB before they do anything. The largest tensor has 17 MB.
    expect(Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024).toBeLessThan(350);
  }
});
