// @ts-check
// What `npm start` builds has no test tools beside it, so a source that is not a test must not
// import them. The full install of `npm test` would not notice.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesBelow } from './file-size.js';

const testTools = /from '(?:vitest|fast-check|playwright-core|@samgpu\/testing[^']*)'/;
const built = /^(?:kernels|(?:packages|models)\/[^/]+)\/src\/.*\.ts$/;
const notBuilt = /\.test\.ts$|^packages\/(?:testing|bootstrap)\/|\/parity\//;

/**
 * @param {string} root
 * @returns {string[]} paths of sources that are built and import what only tests have
 */
export function findTestImports(root) {
  return ['packages', 'models', 'kernels']
    .flatMap((folder) => filesBelow(join(root, folder)))
    .map((path) => relative(root, path))
    .filter(
      (path) =>
        built.test(path) &&
        !notBuilt.test(path) &&
        testTools.test(readFileSync(join(root, path), 'utf8')),
    );
}
