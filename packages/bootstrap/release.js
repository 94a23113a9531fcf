// @ts-check
// `npm run release`: publishes what `changeset version` has prepared, from a clean build.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodeOf } from './src/child.js';
import { enter } from './src/entry.js';
import { pnpmAttached } from './src/pnpm.js';
import { prepare, wholeWorkspace } from './src/prepare.js';
import { toolEnvironment } from './src/test-environment.js';

await enter(async () => {
  const target = wholeWorkspace();
  for (const { folder } of target.packages) {
    rmSync(join(folder, 'dist'), { recursive: true, force: true });
  }
  await prepare('all', target);
  for (const command of ['turbo run check:package --force', 'changeset publish']) {
    const outcome = await pnpmAttached(['exec', ...command.split(' ')], { env: toolEnvironment() });
    if (outcome.code !== 0) return exitCodeOf(outcome);
  }
  return 0;
});
