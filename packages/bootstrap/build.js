// @ts-check
// `npm run build`: compiles every package.
import { enter } from './src/entry.js';
import { prepare, wholeWorkspace } from './src/prepare.js';

await enter(async () => {
  await prepare('all', wholeWorkspace());
  return 0;
});
