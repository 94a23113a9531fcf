// @ts-check
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A note that a step once finished, and for which inputs.
 *
 * The contract that keeps an interrupted step from looking finished: remove the stamp before the
 * step, write it after. Writing is atomic, so a reader never sees half of one.
 */

/** @param {string} root */
export function stateFolder(root) {
  return join(root, '.bootstrap');
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {unknown} what {@link writeStamp} was given, or undefined where there is no valid stamp
 */
export function readStamp(root, name) {
  try {
    return JSON.parse(readFileSync(stampPath(root, name), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {string} name
 * @param {unknown} value
 */
export function writeStamp(root, name, value) {
  const path = stampPath(root, name);
  mkdirSync(stateFolder(root), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(value));
  renameSync(`${path}.${process.pid}`, path);
}

/**
 * @param {string} root
 * @param {string} name
 */
export function removeStamp(root, name) {
  rmSync(stampPath(root, name), { force: true });
}

/**
 * @param {string} root
 * @param {string} name
 */
function stampPath(root, name) {
  return join(stateFolder(root), `${name}.json`);
}
