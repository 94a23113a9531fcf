// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embedShaders } from '../../../kernels/scripts/embed-wgsl.js';
import { build, isBuilt } from './build.js';
import { install, installTitle, isInstalled } from './install.js';
import { withLock } from './lock.js';
import { withProgress } from './progress.js';
import { closureOf, listPackages, workspaceRoot } from './workspace.js';

/** @import { BuildTarget } from './build.js' */
/** @import { Scope } from './install.js' */

/** Installs and builds what the `samgpu` command needs, where that has not been done yet. */
export async function prepareCommand() {
  await prepare('command', {
    name: 'cli',
    project: 'packages/cli',
    packages: closureOf(listPackages(), '@samgpu/cli'),
  });
}

/** Installs the whole workspace with its tools, where that has not been done yet. */
export async function prepareTools() {
  await prepare('all');
}

/**
 * All that `npm run build` compiles.
 *
 * @returns {BuildTarget}
 */
export function wholeWorkspace() {
  const project = 'packages/tsconfig/all.json';
  /** @type {{ references: { path: string }[] }} */
  const { references } = JSON.parse(readFileSync(join(workspaceRoot, project), 'utf8'));
  const folders = new Set(
    references.map(({ path }) => join(workspaceRoot, 'packages/tsconfig', path)),
  );
  const packages = listPackages().filter(({ folder }) => folders.has(folder));
  return { name: 'all', project, packages };
}

/**
 * @param {Scope} scope
 * @param {BuildTarget} [target]
 */
export async function prepare(scope, target) {
  const root = workspaceRoot;
  await ensure(
    scope,
    target && {
      title: 'Building',
      isBuilt: () => isBuilt(root, target),
      build: () => build(root, target),
    },
  );
}

/**
 * What is made of an installed workspace.
 *
 * @typedef {object} Product
 * @property {string} title told while it is built
 * @property {() => boolean} isBuilt
 * @property {() => Promise<void>} build
 */

/**
 * Installs the workspace and builds something of it, where that has not been done yet.
 *
 * @param {Scope} scope
 * @param {Product} [product]
 */
export async function ensure(scope, product) {
  const root = workspaceRoot;
  const packages = listPackages();
  // First: they are sources, which count for whether a build is needed.
  embedShaders();
  const isReady = () =>
    isInstalled(root, packages, scope) && (product === undefined || product.isBuilt());
  if (isReady()) return;
  await withLock(root, async () => {
    // Another command may have done it while this one waited.
    if (!isInstalled(root, packages, scope)) {
      await withProgress(installTitle(root, scope), () => install(root, packages, scope));
    }
    if (product !== undefined && !product.isBuilt()) {
      await withProgress(product.title, product.build);
    }
  });
}
