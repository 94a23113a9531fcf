/**
 * Sessions by what they run, shared by all programs of the same graph and weights.
 *
 * A session is counted from the moment it is asked for, so that whoever waits for one that is being
 * created holds it already.
 */
interface Entry<Session> {
  readonly session: Promise<Session>;
  users: number;
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
      entry = { session: create(), users: 0 };
      this.entries.set(key, entry);
    }
    entry.users++;
    try {
      const session = await entry.session;
      return { session, release: this.releaseOnce(key, entry, session) };
    } catch (error) {
      // All who wait for it fail; whoever asks again afterwards tries anew.
      if (this.entries.get(key) === entry) {
        this.entries.delete(key);
      }
      throw error;
    }
  }

  private releaseOnce(key: string, entry: Entry<Session>, session: Session): () => void {
    let released = false;
    return () => {
      if (released) {
        return;
      }
      released = true;
      entry.users--;
      if (entry.users === 0) {
        this.entries.delete(key);
        this.free(session);
      }
    };
  }
}
