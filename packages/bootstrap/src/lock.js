// @ts-check
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './progress.js';
import { stateFolder } from './stamp.js';

const pollMilliseconds = 100;
const unwrittenMilliseconds = 5000;

/**
 * Runs `work` while no other process of this workspace runs any: two commands that are started at
 * once must not install into the same folder. A lock whose owner has died is taken over.
 *
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(root, work) {
  const path = join(stateFolder(root), 'lock');
  mkdirSync(stateFolder(root), { recursive: true });
  let announced = false;
  while (!acquire(path)) {
    if (!announced)
      say(`Waiting for another command in this folder (if there is none: rm ${path})`);
    announced = true;
    await wait(pollMilliseconds);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} path */
function acquire(path) {
  if (create(path)) return true;
  if (ownerIsAlive(path)) return false;
  rmSync(path, { force: true });
  return create(path);
}

/** @param {string} path */
function create(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function ownerIsAlive(path) {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    // Between its creation and the writing of the owner a lock is empty, but not for long.
    if (owner === 0) return Date.now() - statSync(path).mtimeMs < unwrittenMilliseconds;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else. ESRCH: dead. ENOENT: released just now.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
