// @ts-check
import { performance } from 'node:perf_hooks';

/**
 * Everything the commands say about themselves goes to stderr: stdout belongs to the program that
 * they start.
 *
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Says what is being done, and how long it took. A terminal sees the seconds pass.
 *
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const start = performance.now();
  process.stderr.write(`${title}…`);
  const finish = (/** @type {string} */ result) =>
    say(process.stderr.isTTY ? `\r${title}… ${result}` : ` ${result}`);
  const ticking = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r${title}… ${secondsSince(start)} s`), 1000)
    : undefined;
  try {
    const result = await work();
    finish(`done in ${secondsSince(start)} s`);
    return result;
  } catch (error) {
    finish(`stopped after ${secondsSince(start)} s`);
    throw error;
  } finally {
    clearInterval(ticking);
  }
}

/** @param {number} start a time of `performance.now()` */
export function secondsSince(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}
