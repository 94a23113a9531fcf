// @ts-check
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

/** @import { ChildProcess } from 'node:child_process' */
/** @typedef {keyof typeof constants.signals} Signals */

/**
 * @typedef {object} Outcome
 * @property {number | null} code
 * @property {Signals | null} signal
 * @property {string} output what the child wrote, empty where it wrote to our own output
 * @property {boolean} interrupted whether we were told to stop meanwhile
 */

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** @type {readonly Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program on our own input and output. It hears of signals as if it had been started alone.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function runAttached(command, args, options = {}) {
  return run(spawn(command, args, { ...options, stdio: 'inherit', shell: shellFor(command) }), {
    // Ctrl-C in a terminal already goes to every process in it. A second one from us would look to
    // the child as if the user had pressed it twice.
    isToldAlready: (signal) => signal === 'SIGINT' && (isatty(0) || isatty(1) || isatty(2)),
    tell: (child, signal) => child.kill(signal),
  });
}

/**
 * Runs a program and keeps what it writes, both streams in one.
 *
 * It gets a process group of its own, all of which a signal ends: npx, for one, would outlive it, and
 * so would the program that it has started.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<Outcome>}
 */
export function runCaptured(command, args, options = {}) {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    shell: shellFor(command),
  });
  return run(child, {
    isToldAlready: () => false,
    tell: (child, signal) => {
      if (ownGroup) signalGroup(child, signal);
      else child.kill(signal);
    },
  });
}

/**
 * @param {ChildProcess} child
 * @param {Signals} signal
 */
function signalGroup({ pid }, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: it has just ended by itself.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/**
 * npm's programs are .cmd files on Windows, which only a shell can start.
 *
 * @param {string} command
 */
function shellFor(command) {
  return process.platform === 'win32' && /^(npx|pnpm)$|\.cmd$/i.test(command);
}

/**
 * @param {ChildProcess} child
 * @param {object} signals
 * @param {(signal: Signals) => boolean} signals.isToldAlready
 * @param {(child: ChildProcess, signal: Signals) => void} signals.tell
 * @returns {Promise<Outcome>}
 */
function run(child, { isToldAlready, tell }) {
  return new Promise((resolve) => {
    let output = '';
    let interrupted = false;
    const keep = (/** @type {Buffer} */ chunk) => void (output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);

    // While the child lives it decides what a signal means; it may want to clean up first.
    const forward = (/** @type {Signals} */ signal) => {
      interrupted = true;
      if (!isToldAlready(signal)) tell(child, signal);
    };
    for (const signal of forwarded) process.on(signal, forward);
    const finish = (/** @type {Omit<Outcome, 'interrupted'>} */ outcome) => {
      for (const signal of forwarded) process.off(signal, forward);
      resolve({ ...outcome, interrupted });
    };
    child.once('error', (error) => finish({ code: 127, signal: null, output: error.message }));
    child.once('close', (code, signal) => finish({ code, signal, output }));
  });
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
