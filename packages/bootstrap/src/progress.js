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
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const start = performance.now();
  process.stderr.write(`${title}…`);
  try {
    const result = await work();
    say(` done in ${secondsSince(start)} s`);
    return result;
  } catch (error) {
    say(` failed after ${secondsSince(start)} s`);
    throw error;
  }
}

/** @param {number} start a time of `performance.now()` */
export function secondsSince(start) {
  return ((performance.now() - start) / 1000).toFixed(1);
}
