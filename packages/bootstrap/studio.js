// @ts-check
// `npm run studio [-- --port 4173 --no-open]`: builds the web app and serves it on this machine.
import { enter } from './src/entry.js';
import { runStudio } from './src/studio/run-studio.js';

await enter(() => runStudio(process.argv.slice(2)));
