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

function interrupt(): never {
  process.exit(exitCodes.interrupted);
}

function terminate(): never {
  process.exit(exitCodes.terminated);
}
