import { type Engine, type ModelChoice, Session, type SessionState } from '@samgpu/session';
import type { PixelImage } from 'samgpu';

/**
 * The session of the picture that is open. Each picture has one of its own, on one engine, so that
 * nothing of the one before can end up in it.
 */
export class LiveSession {
  readonly #engine: Engine;
  readonly #listeners = new Set<() => void>();
  #session: Session;
  #unsubscribe: () => void;
  /** What is loaded or being loaded, weights of the user's own included. */
  #choice: ModelChoice | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#session = new Session({ engine });
    this.#unsubscribe = this.#session.subscribe(this.#changed);
  }

  get session(): Session {
    return this.#session;
  }

  /** Told of every change, also of the session itself. @returns ends the subscription */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async load(choice: ModelChoice): Promise<void> {
    const before = this.#choice;
    const session = this.#session;
    this.#choice = choice;
    try {
      await session.load(choice);
    } catch (error) {
      // Another session has taken its place, and loads the same.
      if (session !== this.#session) return;
      this.#choice = before;
      throw error;
    }
  }

  /**
   * Opens a picture in a session of its own.
   *
   * @param state - of a session that goes on
   * @throws SessionError `invalid-state` for a state that cannot be restored; nothing has changed then
   */
  async open(image: PixelImage, name: string, state?: SessionState): Promise<void> {
    const engine = this.#engine;
    const before = this.#session;
    const isFresh =
      state === undefined && before.snapshot.image === null && !before.snapshot.opening;
    if (!isFresh) {
      this.#replace(state ? Session.restore(state, { engine }) : new Session({ engine }));
    }
    const session = this.#session;
    // The model first: a picture without one on its way would be refused.
    const loading = isFresh || this.#choice === undefined ? undefined : session.load(this.#choice);
    const opening = session.open(image, { name, keepDocument: state !== undefined });
    try {
      await Promise.all([opening, loading]);
    } finally {
      // Until then the model is shared, and need not be loaded again.
      if (!isFresh) before.dispose();
    }
  }

  /** Forgets the picture. The model stays. */
  async clear(): Promise<void> {
    const before = this.#session;
    const session = new Session({ engine: this.#engine });
    this.#replace(session);
    try {
      if (this.#choice !== undefined) await session.load(this.#choice);
    } finally {
      before.dispose();
    }
  }

  #replace(session: Session): void {
    this.#unsubscribe();
    this.#session = session;
    this.#unsubscribe = session.subscribe(this.#changed);
    this.#changed();
  }

  readonly #changed = (): void => {
    for (const listener of this.#listeners) listener();
  };
}
