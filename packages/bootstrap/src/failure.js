// @ts-check
import { say, withProgress } from './progress.js';

/** @import { Outcome } from './child.js' */

/** A step could not be finished, for a reason that its own output names. */
export class StepError extends Error {
  /**
   * @param {string} title what was tried
   * @param {Outcome} outcome
   * @param {readonly string[]} advice what the user can do, one line each
   */
  constructor(title, outcome, advice) {
    const shown = outcome.output.trim().split('\n').slice(-longestOutput);
    super(
      outcome.interrupted
        ? `${title} was interrupted; the next command starts it again.`
        : [...shown, '', `${title} failed. ${advice.join('\n')}`].join('\n'),
    );
    this.name = 'StepError';
    /** @type {'STEP_FAILED'} */
    this.code = 'STEP_FAILED';
    this.outcome = outcome;
  }
}

/**
 * Runs what is wanted but can be done without: a failure is shown, and no more.
 *
 * @param {string} title
 * @param {string} consequence of a failure
 * @param {() => Promise<Outcome>} work
 */
export async function attempt(title, consequence, work) {
  try {
    await withProgress(title, async () => {
      const outcome = await work();
      if (outcome.code !== 0) throw new StepError(title, outcome, [consequence]);
    });
  } catch (error) {
    if (!(error instanceof StepError) || error.outcome.interrupted) throw error;
    say(error.message);
  }
}

/** Lines of a tool's output that are shown; the error is at the end of it. */
const longestOutput = 60;

/** @type {readonly (readonly [RegExp, string])[]} */
const knownCauses = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network|dns error|error sending request/i,
    'The npm registry could not be reached. Check the connection (or the proxy settings of npm) and run the command again.',
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|certificate/i,
    "The registry's certificate is not trusted here. Behind a company proxy, set `cafile` in your npm settings and run the command again.",
  ],
  [
    /EACCES|EPERM|EROFS|permission denied|read-only file system/i,
    'Something could not be written. Check that this folder and your home folder are yours and writable, then run the command again.',
  ],
  [/ENOSPC|no space left/i, 'The disk is full: make room and run the command again.'],
  [
    /OUTDATED_LOCKFILE|frozen-lockfile/i,
    'pnpm-lock.yaml does not fit the package.json files: run `npx pnpm install` and commit the lock file.',
  ],
  [
    /E40[134]\b|ERR_PNPM_FETCH_40[134]|ETARGET|NO_MATCHING_VERSION/,
    'The registry does not hand out a package that is needed. Check which registry npm is set to: `npm config get registry`.',
  ],
  [
    /npx: not found|spawn npx ENOENT|npx.*ENOENT/,
    'npm is missing: install Node.js together with npm and run the command again.',
  ],
];

/**
 * What a user can do about an install that failed.
 *
 * @param {string} output the tool's
 * @returns {string[]}
 */
export function adviceFor(output) {
  const known = knownCauses.filter(([pattern]) => pattern.test(output)).map(([, advice]) => advice);
  return known.length > 0 ? known : ['Its output is above; running the command again is safe.'];
}
