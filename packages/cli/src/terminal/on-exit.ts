import { exitCodes } from '../exit-code.ts';

const cleanUps = new Set<() => void>();

/**
 * Has something done before the process ends: by Ctrl-C, by a request to terminate, or by itself.
 *
 * @param cleanUp - must be done when it returns
 * @returns a function that takes it back
 */
export function onExit(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) {
    process.on('exit', cleanAllUp);
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', terminate);
  }
  cleanUps.add(cleanUp);
  return () => {
    cleanUps.delete(cleanUp);
    if (cleanUps.size > 0) return;
    process.off('exit', cleanAllUp);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
  };
}

function cleanAllUp(): void {
  for (const cleanUp of cleanUps) cleanUp();
}

/**
 * Has the next Ctrl-C stop some work instead of ending the process. The one after that ends it.
 *
 * @param stop - stops the work, which then goes on to its end
 * @returns a function that takes it back
 */
export function onInterrupt(stop: () => void): () => void {
  const release = onExit(() => undefined);
  stopWork = stop;
  return () => {
    stopWork = undefined;
    release();
  };
}

let stopWork: (() => void) | undefined;

function interrupt(): void {
  const stop = stopWork;
  stopWork = undefined;
  if (stop === undefined) process.exit(exitCodes.interrupted);
  stop();
}

function terminate(): never {
  process.exit(exitCodes.terminated);
}
