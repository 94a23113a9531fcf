// @ts-check
// `npm run parity -- PATH...`: compares models with outputs of their official code.
import { join } from 'node:path';
import { exitCodeOf, runAttached } from './src/child.js';
import { enter } from './src/entry.js';
import { prepareTools } from './src/prepare.js';
import { testEnvironment } from './src/test-environment.js';
import { toolNode } from './src/system-node.js';
import { workspaceRoot } from './src/workspace.js';

await enter(async () => {
  await prepareTools();
  const main = join(workspaceRoot, 'packages/parity/src/command/main.ts');
  const args = ['--conditions=@samgpu/source', main, ...process.argv.slice(2)];
  return exitCodeOf(
    await runAttached(toolNode, args, { cwd: workspaceRoot, env: testEnvironment() }),
  );
});
