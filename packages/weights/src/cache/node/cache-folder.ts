import { homedir } from 'node:os';
import { join, posix, win32 } from 'node:path';

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * Where samgpu keeps what it can get again: `$SAMGPU_CACHE`, or else `samgpu` in the place that the system has for
 * caches. A relative `XDG_CACHE_HOME` does not count, as its specification asks.
 */
export function cacheFolder({ platform, environment, home }: Machine = thisMachine()): string {
  const own = environment['SAMGPU_CACHE'];
  if (own) {
    return own;
  }
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
    return win32.join(local, 'samgpu', 'Cache');
  }
  if (platform === 'darwin') {
    return posix.join(home, 'Library', 'Caches', 'samgpu');
  }
  const xdg = environment['XDG_CACHE_HOME'];
  return xdg && posix.isAbsolute(xdg)
    ? posix.join(xdg, 'samgpu')
    : posix.join(home, '.cache', 'samgpu');
}

/** The part of the cache that holds model files. */
export function modelFolder(): string {
  return join(cacheFolder(), 'models');
}

function thisMachine(): Machine {
  return { platform: process.platform, environment: process.env, home: homedir() };
}
