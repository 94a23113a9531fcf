// @ts-check
import { join } from 'node:path';
import { runCaptured } from './child.js';
import { StepError } from './failure.js';
import { buildFingerprint, haveOutputs } from './fingerprint.js';
import { readStamp, removeStamp, writeStamp } from './stamp.js';
import { removeStaleOutputs } from './stale-outputs.js';

/** @import { Package } from './workspace.js' */

/**
 * @typedef {object} BuildTarget
 * @property {string} name
 * @property {string} project what `tsc -b` is given, from the root
 * @property {readonly Package[]} packages what it builds
 */

/**
 * @param {string} root
 * @param {BuildTarget} target
 */
export function isBuilt(root, target) {
  const fingerprint = buildFingerprint(root, target.packages);
  return readStamp(root, stampName(target)) === fingerprint && haveOutputs(target.packages);
}

/**
 * Compiles a target, and removes the output of sources that are gone, which `tsc -b` leaves behind.
 *
 * @param {string} root
 * @param {BuildTarget} target
 * @throws {StepError} where the compiler finds errors
 */
export async function build(root, target) {
  removeStamp(root, stampName(target));
  // Taken before the build: what is edited while it runs must not count as built.
  const fingerprint = buildFingerprint(root, target.packages);
  for (const { folder } of target.packages) removeStaleOutputs(folder);
  const compiler = join(root, 'packages/tsconfig/node_modules/typescript/bin/tsc');
  // By itself the compiler trusts times: a source that was written during its last run, or that came
  // with an old time, would be passed over.
  const args = [compiler, '-b', '--force', join(root, target.project)];
  const outcome = await runCaptured(process.execPath, args, { cwd: root });
  if (outcome.code !== 0) {
    throw new StepError('The build', outcome, ['The errors above name the files to correct.']);
  }
  writeStamp(root, stampName(target), fingerprint);
}

/** @param {BuildTarget} target */
function stampName(target) {
  return `build-${target.name}`;
}
