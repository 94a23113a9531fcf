import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { embedShaders } from '../../kernels/scripts/embed-wgsl.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

// So that a test runs the shader as it is now, however vitest was started.
embedShaders();

// Tests run on the sources, so no build is needed before them.
const conditions = ['@samgpu/source', 'node', 'import', 'module', 'default'];
const resolve = { conditions, externalConditions: conditions };

const sourceFolders = ['{packages,models,apps}/*/src', 'kernels/src', 'benchmarks/src'];
const matching = (pattern: string): string[] =>
  sourceFolders.map((folder) => `${folder}/**/${pattern}`);

const gpuTests = matching('*.gpu.test.ts');
// `*.full.test.ts` and `*.full.gpu.test.ts` take minutes or large data: `npm run test:full`.
const excludedFromThisRun =
  process.env['SAMGPU_TEST_FULL'] === '1' ? [] : ['**/*.full.test.ts', '**/*.full.gpu.test.ts'];
const neverTests = ['**/node_modules/**', '**/dist/**'];

const shared = {
  root,
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 120_000,
} as const;

export default defineConfig({
  root,
  test: {
    // Several heavy tests at once would only slow each other down on a small machine.
    maxWorkers: 2,
    reporters: ['default', fileURLToPath(new URL('src/reporter.ts', import.meta.url))],
    projects: [
      {
        root,
        resolve,
        ssr: { resolve },
        test: {
          ...shared,
          name: 'unit',
          include: matching('*.test.ts'),
          exclude: [...neverTests, ...gpuTests, ...excludedFromThisRun],
        },
      },
      {
        root,
        resolve,
        ssr: { resolve },
        test: {
          ...shared,
          name: 'gpu',
          include: gpuTests,
          exclude: [...neverTests, ...excludedFromThisRun],
          // One device at a time: parallel files would compete for the same adapter.
          fileParallelism: false,
        },
      },
    ],
  },
});
