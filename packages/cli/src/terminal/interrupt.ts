import { exitCodes } from '../exit-code.ts';

const cleanUps = new Set<() => void>();

/**
 * Has something done before the process ends by Ctrl-C or a request to terminate.
 *
 * @param cleanUp - must be done when it returns
 * @returns a function that takes it back
 */
export function onInterrupt(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) {
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', terminate);
  }
  cleanUps.add(cleanUp);
  return () => {
    cleanUps.delete(cleanUp);
    if (cleanUps.size > 0) return;
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', terminate);
  };
}

function interrupt(): never {
  return end(exitCodes.interrupted);
}

function terminate(): never {
  return end(exitCodes.terminated);
}

function end(exitCode: number): never {
  for (const cleanUp of cleanUps) cleanUp();
  process.exit(exitCode);
}
