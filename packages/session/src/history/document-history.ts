import type { Undo } from '../host/host.ts';
import { EMPTY_DOCUMENT, type SessionDocument } from '../objects/session-document.ts';
import { SessionError } from '../session-error.ts';
import { History } from './history.ts';

/**
 * The document of a session with its past and future. What steps did in an editor is taken back and
 * done again with them, in order.
 */
export class DocumentHistory {
  readonly #limit: number;
  readonly #changed: (document: SessionDocument) => void;
  readonly #failed: (error: SessionError) => void;
  #history: History<SessionDocument, Undo>;
  #effects: Promise<void> = Promise.resolve();

  constructor(
    limit: number,
    changed: (document: SessionDocument) => void,
    failed: (error: SessionError) => void,
  ) {
    this.#limit = limit;
    this.#changed = changed;
    this.#failed = failed;
    this.#history = History.of(EMPTY_DOCUMENT, limit);
  }

  get document(): SessionDocument {
    return this.#history.present;
  }

  get undoLabel(): string | null {
    return this.#history.undoStep?.label ?? null;
  }

  get redoLabel(): string | null {
    return this.#history.redoStep?.label ?? null;
  }

  /** A further step. @param effect - what it did in an editor */
  push(change: Partial<SessionDocument>, label: string, effect?: Undo): void {
    this.#go(this.#history.push({ ...this.document, ...change }, label, effect));
  }

  /** A change of the present that is no step of its own. */
  amend(change: Partial<SessionDocument>): void {
    this.#go(this.#history.amend({ ...this.document, ...change }));
  }

  /** Another document, without a past. */
  reset(document: SessionDocument): void {
    this.#go(History.of(document, this.#limit));
  }

  undo(): void {
    const effect = this.#history.undoStep?.effect;
    this.#go(this.#history.undo());
    if (effect) this.#apply(() => effect.undo());
  }

  redo(): void {
    const effect = this.#history.redoStep?.effect;
    this.#go(this.#history.redo());
    if (effect) this.#apply(() => effect.redo());
  }

  /** Resolves when the editor has done what undo and redo asked of it. */
  effectsDone(): Promise<void> {
    return this.#effects;
  }

  #go(history: History<SessionDocument, Undo>): void {
    this.#history = history;
    this.#changed(history.present);
  }

  #apply(effect: () => void | Promise<void>): void {
    this.#effects = this.#effects.then(effect).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `the editor did not follow: ${reason}; undo or redo it there`;
      this.#failed(new SessionError('host-failed', message, { cause }));
    });
  }
}
