// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

/**
 * @typedef {object} Outcome
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {string} output what the child wrote, empty where it wrote to our own output
 */

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program on our own input and output.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function runAttached(command, args, options = {}) {
  return run(command, args, options, 'inherit');
}

/**
 * Runs a program and keeps what it writes, both streams in one.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function runCaptured(command, args, options = {}) {
  return run(command, args, options, ['ignore', 'pipe', 'pipe']);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} options
 * @param {import('node:child_process').StdioOptions} stdio
 * @returns {Promise<Outcome>}
 */
function run(command, args, options, stdio) {
  return new Promise((resolve) => {
    // npm's programs are .cmd files on Windows, which only a shell can start.
    const shell = process.platform === 'win32' && /^(npx|pnpm)$|\.cmd$/i.test(command);
    const child = spawn(command, args, { ...options, stdio, shell });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => void (output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);

    // While the child lives it decides what a signal means; it may want to clean up first.
    const forward = (/** @type {NodeJS.Signals} */ signal) => {
      if (!reachesWholeTerminal(signal)) child.kill(signal);
    };
    for (const signal of forwarded) process.on(signal, forward);
    const finish = (/** @type {Outcome} */ outcome) => {
      for (const signal of forwarded) process.off(signal, forward);
      resolve(outcome);
    };
    child.once('error', (error) => finish({ code: 127, signal: null, output: error.message }));
    child.once('close', (code, signal) => finish({ code, signal, output }));
  });
}

/**
 * Ctrl-C in a terminal already goes to every process in it. A second one from us would look to the
 * child as if the user had pressed it twice.
 *
 * @param {NodeJS.Signals} signal
 */
function reachesWholeTerminal(signal) {
  return signal === 'SIGINT' && (isatty(0) || isatty(1) || isatty(2));
}

/**
 * The exit code that a shell would report.
 *
 * @param {Outcome} outcome
 */
export function exitCodeOf(outcome) {
  if (outcome.signal !== null) return 128 + constants.signals[outcome.signal];
  return outcome.code ?? 1;
}
