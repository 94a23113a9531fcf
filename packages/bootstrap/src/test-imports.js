// @ts-check
// What `npm start` builds has neither test tools nor other development dependencies beside it, so a
// source that is not a test must not import them. The full install of `npm test` would not notice.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesBelow } from './file-size.js';

const built = /^(?:kernels|(?:packages|models)\/[^/]+)\/src\/.*\.ts$/;
const notBuilt = /\.test\.ts$|^packages\/(?:testing|bootstrap|parity)\/|\/parity\//;
/** The package that an import names: neither a path, nor a module of Node or of the package itself. */
const imported = /(?:\bfrom|\bimport\(?) ?'((?:@[\w-]+\/)?[\w-][\w.-]*)(?:\/[^']*)?'/g;

/**
 * @param {string} root
 * @returns {string[]} sources that are built, and what they import without depending on it
 */
export function findTestImports(root) {
  return ['packages', 'models', 'kernels']
    .map((name) => join(root, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => filesBelow(folder))
    .map((path) => relative(root, path))
    .filter((path) => built.test(path) && !notBuilt.test(path))
    .flatMap((path) => {
      const allowed = dependenciesOf(join(root, path));
      const names = importsOf(readFileSync(join(root, path), 'utf8'));
      return names
        .filter((name) => !allowed.has(name))
        .map((name) => `${path} imports ${name}, which is no dependency`);
    });
}

/** @param {string} source */
function importsOf(source) {
  const code = source.replaceAll(/^ *(?:\/\/|\*|\/\*).*$/gm, '');
  return [...code.matchAll(imported)].map(([, name]) => name ?? '');
}

/** @type {Map<string, Set<string>>} */
const known = new Map();

/**
 * What is installed for the package of a source without its development dependencies.
 *
 * @param {string} path
 */
function dependenciesOf(path) {
  let folder = dirname(path);
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  let dependencies = known.get(folder);
  if (dependencies === undefined) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    dependencies = new Set([
      manifest.name,
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.optionalDependencies ?? {}),
      // What the program brings that uses the package; nothing that a command needs has such.
      ...Object.keys(manifest.peerDependencies ?? {}),
    ]);
    known.set(folder, dependencies);
  }
  return dependencies;
}
