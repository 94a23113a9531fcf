/**
 * Sessions by what they run, shared by all programs of the same graph and weights.
 *
 * A session is counted from the moment it is asked for, so that whoever waits for one that is being
 * created holds it already.
 */
interface Entry<Session> {
  readonly session: Promise<Session>;
  users: number;
  freed: boolean;
}

/** One use of a shared session. */
export interface Lease<Session> {
  readonly session: Session;
  /** Gives it back; doing so twice is harmless. */
  release(): void;
}

export class SessionCache<Session> {
  private readonly entries = new Map<string, Entry<Session>>();
  private readonly free: (session: Session) => void;

  /** @param free - called with a session when its last user gives it back */
  constructor(free: (session: Session) => void) {
    this.free = free;
  }

  get size(): number {
    return this.entries.size;
  }

  async lease(key: string, create: () => Promise<Session>): Promise<Lease<Session>> {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { session: create(), users: 0, freed: false };
      this.entries.set(key, entry);
    }
    entry.users++;
    try {
      const session = await entry.session;
      return { session, release: this.releaseOnce(key, entry) };
    } catch (error) {
      // All who wait for it fail; whoever asks again afterwards tries anew.
      await this.remove(key, entry);
      throw error;
    }
  }

  /** Frees every session, used or not. */
  clear(): void {
    for (const [key, entry] of this.entries) {
      void this.remove(key, entry);
    }
  }

  private async remove(key: string, entry: Entry<Session>): Promise<void> {
    if (this.entries.get(key) === entry) {
      this.entries.delete(key);
    }
    if (!entry.freed) {
      entry.freed = true;
      const session = await entry.session.catch(() => undefined);
      if (session !== undefined) {
        this.free(session);
      }
    }
  }

  private releaseOnce(key: string, entry: Entry<Session>): () => void {
    let released = false;
    return () => {
      if (released) {
        return;
      }
      released = true;
      entry.users--;
      if (entry.users === 0) {
        void this.remove(key, entry);
      }
    };
  }
}
