// @ts-check
// `npm run -s samgpu -- ARGS`: the `samgpu` command of this workspace.
import { enter } from './src/entry.js';
import { runSamgpu } from './src/samgpu-command.js';

await enter(() => runSamgpu(process.argv.slice(2)));
