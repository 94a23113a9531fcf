// @ts-check
// `npm run bench -- SUBJECT`: measures, for example `nano`.
import { join } from 'node:path';
import { exitCodeOf, runAttached } from './src/child.js';
import { enter } from './src/entry.js';
import { prepare, wholeWorkspace } from './src/prepare.js';
import { benchmarkEnvironment } from './src/test-environment.js';
import { toolNode } from './src/system-node.js';
import { workspaceRoot } from './src/workspace.js';

await enter(async () => {
  await prepare('all', wholeWorkspace());
  const main = join(workspaceRoot, 'benchmarks/src/main.ts');
  const args = ['--conditions=@samgpu/source', main, ...process.argv.slice(2)];
  return exitCodeOf(
    await runAttached(toolNode, args, { cwd: workspaceRoot, env: benchmarkEnvironment() }),
  );
});
