// @ts-check
import { runCaptured } from './child.js';
import { attempt } from './failure.js';
import { pythonFolder, testEnvironment } from './test-environment.js';

/** Not in Debian 12. The wheel is built for numpy 1 and 2 alike, so the system's numpy serves it. */
const requirement = 'pycocotools==2.0.11';
const moduleName = 'pycocotools.mask';

/**
 * Installs the Python package that tests compare with and that the system has not, into a folder of
 * this workspace. Never fails: without it those tests skip.
 */
export async function ensurePythonPackages() {
  const environment = testEnvironment();
  const python = environment['SAMGPU_PYTHON'];
  if (python === undefined) return;
  const imported = await runCaptured(python, ['-c', `import numpy, ${moduleName}`], {
    env: environment,
  });
  // One that the user has chosen is the user's to fill.
  if (imported.code === 0 || process.env['SAMGPU_PYTHON'] !== undefined) return;
  const target = ['--target', pythonFolder, '--upgrade'];
  const only = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--quiet'];
  const patience = ['--retries', '1', '--timeout', '20'];
  const args = ['-m', 'pip', 'install', ...only, ...patience, ...target, requirement];
  await attempt(`Installing ${requirement}`, 'The tests that need it skip.', () =>
    runCaptured(python, args, { env: environment }),
  );
}
