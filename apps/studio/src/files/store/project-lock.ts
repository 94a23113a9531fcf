/** Held while a project is open in this tab. */
export interface ProjectLock {
  /** Resolves when others may have it. */
  release(): Promise<void>;
}

function lockManager(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}

const lockName = (id: string): string => `samgpu-project-${id}`;

/**
 * @param patience - milliseconds to wait for a tab that is just being closed
 * @returns undefined where another tab has the project open
 */
export async function lockProject(id: string, patience: number): Promise<ProjectLock | undefined> {
  const locks = lockManager();
  // Where there are no locks there is no storage that tabs share either.
  if (locks === undefined) return unshared;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patience);
    const request = locks.request(lockName(id), { signal }, async () => {
      // The lock is held for as long as this is not done.
      await new Promise<void>((end) => {
        resolve({
          release: async () => {
            end();
            await request;
          },
        });
      });
    });
    request.catch((error: unknown) => {
      if (signal.aborted) resolve(undefined);
      // A sandboxed frame may not lock, and shares nothing.
      else if (error instanceof DOMException && error.name === 'SecurityError') resolve(unshared);
      else reject(new Error('The project could not be locked.', { cause: error }));
    });
  });
}

const unshared: ProjectLock = { release: async () => undefined };

/** Ids of the projects that are open in any tab. */
export async function lockedProjects(): Promise<ReadonlySet<string>> {
  const locks = lockManager();
  try {
    const { held = [] } = (await locks?.query()) ?? {};
    const prefix = lockName('');
    return new Set(
      held.flatMap(({ name }) =>
        name?.startsWith(prefix) === true ? [name.slice(prefix.length)] : [],
      ),
    );
  } catch {
    return new Set();
  }
}
