// @ts-check
// `npm start [-- ARGS]`: the first look at samgpu, from a fresh clone to a mask.
import { enter } from './src/entry.js';
import { runSamgpu } from './src/samgpu-command.js';

await enter(() => runSamgpu(['start', ...process.argv.slice(2)]));
