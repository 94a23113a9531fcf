// One writer at a time, across processes and machines that share a folder. The lock is a file that names its owner,
// who touches it while it works. A lock is stale when its owner is gone, or has been silent for long.

import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import { WeightsError } from '../../weights-error.ts';
import { codeOf, ifPresent } from './folder-error.ts';

const pollMilliseconds = 200;
const heartbeatMilliseconds = 2000;
/** Of an owner that does not run here any more. Two containers may share a host name but not their process ids. */
const silenceOfGone = 5000;
/** Of an owner that may still run: longer than a busy event loop is kept from its timers. */
const silenceOfRunning = 60_000;
const silenceOfTakeover = 30_000;

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: (() => void) | undefined;
  /** Called before the lock of an owner that was silent, but may still run, is taken. */
  readonly onTakeover: () => Promise<void>;
}

export interface HeldLock {
  /** @throws WeightsError with code `cache-failed` if another process took the lock */
  check(): Promise<void>;
}

/** The folder of the lock must exist. */
export async function withLockFile<T>(
  path: string,
  options: LockOptions,
  action: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const text = JSON.stringify({ token: randomUUID(), pid: process.pid, host: hostname() });
  await acquire(path, text, options);
  const heartbeat = setInterval(() => {
    const now = new Date();
    // Fails where the lock was taken, which the check will find.
    utimes(path, now, now).catch(() => undefined);
  }, heartbeatMilliseconds);
  heartbeat.unref();
  const isHeld = async (): Promise<boolean> =>
    (await ifPresent(readFile(path, 'utf8')).catch(() => undefined)) === text;
  try {
    return await action({
      async check() {
        if (!(await isHeld())) {
          throw new WeightsError(
            'cache-failed',
            `another process took over ${path} because this one stood still for more than ` +
              `${silenceOfRunning / 1000} s. Load the file again`,
          );
        }
      },
    });
  } finally {
    clearInterval(heartbeat);
    if (await isHeld()) {
      await rm(path, { force: true });
    }
  }
}

async function acquire(path: string, text: string, options: LockOptions): Promise<void> {
  let seen: { readonly state: string; readonly since: number } | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    if (await create(path, text)) {
      return;
    }
    const lock = await inspect(path);
    if (lock === undefined) {
      continue;
    }
    if (seen === undefined) {
      options.onWait?.();
    }
    const state = `${lock.touched}:${lock.text}`;
    if (seen?.state !== state) {
      seen = { state, since: performance.now() };
    }
    // Another machine's clock may differ, and after a sleep of this one every owner was silent, so the silence of
    // who may still run counts from when it was first seen.
    const age = lock.isGone ? Date.now() - lock.touched : 0;
    const silence = Math.max(performance.now() - seen.since, age);
    if (silence > (lock.isGone ? silenceOfGone : silenceOfRunning)) {
      await takeOver(path, lock, options.onTakeover);
    } else {
      await wait(pollMilliseconds, undefined, options.signal && { signal: options.signal }).catch(
        () => options.signal?.throwIfAborted(),
      );
    }
  }
}

/** @returns false if it is there already */
async function create(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(text);
    } catch (cause) {
      await rm(path, { force: true });
      throw cause;
    } finally {
      await handle.close();
    }
    return true;
  } catch (cause) {
    // On Windows a file that is being removed cannot be opened.
    if (codeOf(cause) === 'EEXIST' || (process.platform === 'win32' && codeOf(cause) === 'EPERM')) {
      return false;
    }
    throw cause;
  }
}

interface ForeignLock {
  readonly text: string;
  /** Milliseconds since the epoch, by the clock of the file system. */
  readonly touched: number;
  /** Ran on this machine and does not any more. */
  readonly isGone: boolean;
}

async function inspect(path: string): Promise<ForeignLock | undefined> {
  const text = await ifPresent(readFile(path, 'utf8'));
  const found = await ifPresent(stat(path));
  if (text === undefined || found === undefined) {
    return undefined;
  }
  const { pid, host } = parse(text);
  const isGone = host === hostname() && !isRunning(pid);
  return { text, touched: found.mtimeMs, isGone };
}

function parse(text: string): { readonly pid?: unknown; readonly host?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Its owner is about to write it, or was ended before it could.
    return {};
  }
}

function isRunning(pid: unknown): boolean {
  if (!Number.isSafeInteger(pid) || (pid as number) <= 0) {
    return true;
  }
  try {
    process.kill(pid as number, 0);
    return true;
  } catch (cause) {
    return codeOf(cause) !== 'ESRCH';
  }
}

async function takeOver(
  path: string,
  lock: ForeignLock,
  onTakeover: () => Promise<void>,
): Promise<void> {
  // Without this one of two takers could remove the new lock of the other.
  const guard = `${path}.takeover`;
  if (!(await create(guard, ''))) {
    const found = await ifPresent(stat(guard));
    if (found !== undefined && Date.now() - found.mtimeMs > silenceOfTakeover) {
      await rm(guard, { force: true });
    }
    await wait(pollMilliseconds);
    return;
  }
  try {
    const now = await inspect(path);
    if (now?.text === lock.text && now.touched === lock.touched) {
      if (!lock.isGone) {
        await onTakeover();
      }
      await rm(path, { force: true });
    }
  } finally {
    await rm(guard, { force: true });
  }
}
