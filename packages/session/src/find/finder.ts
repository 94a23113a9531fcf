import type { Engine, EverythingRequest, FindOptions, FoundObject } from '../engine/engine.ts';
import { asSessionError, SessionError } from '../session-error.ts';
import type { Finding, FoundItem } from '../snapshot.ts';

type Search = (options: FindOptions) => Promise<readonly FoundObject[]>;

/** Finds objects that nobody pointed at: one search at a time, the newest. */
export class Finder {
  readonly #engine: Engine;
  readonly #changed: () => void;
  #finding: Finding | null = null;
  #running: AbortController | null = null;
  #ids = 0;

  constructor(engine: Engine, changed: () => void) {
    this.#engine = engine;
    this.#changed = changed;
  }

  get finding(): Finding | null {
    return this.#finding;
  }

  everything(picture: string, request: EverythingRequest): Promise<readonly FoundItem[]> {
    return this.#run((options) => this.#engine.everything(picture, request, options));
  }

  text(picture: string, words: string): Promise<readonly FoundItem[]> {
    return this.#run((options) => this.#engine.findText(picture, words, options), words);
  }

  /** @throws SessionError `unknown-found` */
  itemOf(id: string): FoundItem {
    const item = this.#finding?.found.find((one) => one.id === id);
    if (item === undefined) {
      throw new SessionError('unknown-found', `nothing was found as "${id}"; look again`);
    }
    return item;
  }

  /** @returns whether there was a search to end */
  cancel(reason: SessionError): boolean {
    const running = this.#running;
    running?.abort(reason);
    return running !== null;
  }

  /** Ends a search and forgets what it found. */
  clear(reason: SessionError): void {
    this.cancel(reason);
    this.#running = null;
    if (this.#finding !== null) this.#set(null);
  }

  async #run(search: Search, words?: string): Promise<readonly FoundItem[]> {
    this.#running?.abort(
      new SessionError('superseded', 'a newer search took the place of this one'),
    );
    const controller = new AbortController();
    const { signal } = controller;
    this.#running = controller;
    const isCurrent = (): boolean => this.#running === controller;
    this.#set({
      state: 'running',
      progress: null,
      found: [],
      ...(words !== undefined && { words }),
    });
    try {
      const found = await search({
        signal,
        onProgress: (progress) => {
          if (isCurrent() && !signal.aborted) this.#set({ ...this.#finding!, progress });
        },
        onFound: (one) => {
          if (isCurrent() && !signal.aborted) this.#add(one);
        },
      });
      signal.throwIfAborted();
      const items = found.map((one) => this.#item(one));
      this.#end(controller, { state: 'done', found: items });
      return items;
    } catch (error) {
      // What was found until then stays at hand.
      this.#end(controller, { state: signal.aborted ? 'done' : 'failed' });
      throw asSessionError(error);
    }
  }

  #end(controller: AbortController, change: Partial<Finding>): void {
    if (this.#running !== controller) return;
    this.#running = null;
    this.#set({ ...this.#finding!, progress: null, ...change });
  }

  #add(one: FoundObject): void {
    const finding = this.#finding!;
    this.#set({ ...finding, found: [...finding.found, this.#item(one)] });
  }

  #item(one: FoundObject): FoundItem {
    this.#ids += 1;
    return { ...one, id: `f${this.#ids}` };
  }

  #set(finding: Finding | null): void {
    this.#finding = finding;
    this.#changed();
  }
}
