// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { workspaceRoot } from './workspace.js';

const binFolder = join(workspaceRoot, 'node_modules', '.bin');
const nodeName = process.platform === 'win32' ? 'node.exe' : 'node';

/** The Node that the workspace's tools run on, from the root's devDependency `node`. */
export const toolNode = join(binFolder, nodeName);

/**
 * The machine's own Node, which users of the published packages have.
 *
 * After a full install `npm run` finds the workspace's newer one first, so what runs this file
 * does not tell. npm itself was started with the machine's.
 *
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {string} absolute path
 */
export function findSystemNode(environment = process.env) {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    environment['npm_node_execpath'],
    ...folders.map((folder) => join(folder, nodeName)),
  ];
  const found = candidates.find((path) => path !== undefined && !isOurs(path) && existsSync(path));
  return found ?? process.execPath;
}

/** @param {string} path */
function isOurs(path) {
  return path.startsWith(join(workspaceRoot, 'node_modules') + sep);
}
