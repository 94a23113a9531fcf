import { FilesError } from '../files-error.ts';
import { type KeptFile, KeptFiles } from './kept-files.ts';
import type { ProjectLock } from './project-lock.ts';
import { packState, type StateHeader } from './saved-state.ts';
import { newestStates, stateFile } from './state-files.ts';
import type { StorageFolder } from './storage-folder.ts';

/** What is to be saved: plain data for JSON, and what a list of projects shows. */
export interface ProjectState extends Omit<StateHeader, 'savedAt' | 'files'> {
  readonly state: unknown;
  /** What the state refers to. Where one cannot be written the state is saved all the same. */
  readonly files?: readonly KeptFile[];
}

/**
 * - `saved`: all is kept
 * - `waiting`: there are changes, which will be saved soon
 * - `saving`
 * - `failed`: the last try failed, and `error` says why; the next change tries again
 */
export interface SaveStatus {
  readonly kind: 'saved' | 'waiting' | 'saving' | 'failed';
  readonly error?: FilesError;
}

/** When changes are saved, in milliseconds. */
export interface SaveTiming {
  /** After the last change. Default 800. */
  readonly quiet?: number;
  /** At the latest after the first change that is not saved. Default 5000. */
  readonly atMost?: number;
  /** How long to wait for a tab that is just being closed. Default 1500. */
  readonly patience?: number;
}

/** States that are kept: the last good one, and the one before it. */
const keptStates = 2;

/** A project that this tab has open. */
export class OpenProject {
  readonly id: string;
  readonly #folder: StorageFolder;
  readonly #files: KeptFiles;
  readonly #lock: ProjectLock;
  readonly #listeners = new Set<(status: SaveStatus) => void>();
  readonly #quiet: number;
  readonly #atMost: number;
  #status: SaveStatus = { kind: 'saved' };
  #pending: (() => ProjectState) | undefined;
  #pendingSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working: Promise<void> = Promise.resolve();
  #next: number;
  #isClosed = false;

  /**
   * @param newest - number of the newest state that is there; 0 for none
   * @param files - names of the files that are there
   */
  constructor(
    id: string,
    folder: StorageFolder,
    lock: ProjectLock,
    newest: number,
    { quiet = 800, atMost = 5000 }: SaveTiming = {},
    files: readonly string[] = [],
  ) {
    this.id = id;
    this.#folder = folder;
    this.#files = new KeptFiles(folder, files);
    this.#lock = lock;
    this.#next = newest + 1;
    this.#quiet = quiet;
    this.#atMost = atMost;
  }

  get status(): SaveStatus {
    return this.#status;
  }

  /** @returns ends the subscription */
  subscribe(listener: (status: SaveStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Saves soon. Of many changes in a row only the last one is asked for its state.
   *
   * @param stateNow - called when it is saved
   */
  save(stateNow: () => ProjectState): void {
    if (this.#isClosed) return;
    const now = performance.now();
    if (this.#pending === undefined) this.#pendingSince = now;
    this.#pending = stateNow;
    if (this.#status.kind !== 'saving') this.#tell({ kind: 'waiting' });
    clearTimeout(this.#timer);
    const latest = this.#pendingSince + this.#atMost - now;
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(this.#quiet, latest)));
  }

  /** Saves what is not saved yet, now: call it when the page is hidden. Failures are in `status`. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#working = this.#working.then(() => this.#savePending());
    await this.#working;
  }

  /** Saves, and lets other tabs have the project. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.flush();
    this.#isClosed = true;
    await this.#lock.release();
  }

  /** Lets it go without saving: it was deleted. */
  async abandon(): Promise<void> {
    this.#isClosed = true;
    this.#pending = undefined;
    clearTimeout(this.#timer);
    await this.#lock.release();
  }

  async #savePending(): Promise<void> {
    const stateNow = this.#pending;
    if (stateNow === undefined || this.#isClosed) return;
    this.#pending = undefined;
    this.#tell({ kind: 'saving' });
    try {
      await this.#saveNow(stateNow());
      this.#tell({ kind: this.#pending === undefined ? 'saved' : 'waiting' });
    } catch (cause) {
      // Kept, so that the next change or flush tries again.
      this.#pending ??= stateNow;
      this.#tell({ kind: 'failed', error: storageError(cause) });
    }
  }

  /** Files first, so that a state that is there finds what it refers to. */
  async #saveNow({ files = [], ...state }: ProjectState): Promise<void> {
    const [written] = await Promise.allSettled([this.#files.write(files)]);
    const names = files.map(({ name }) => name);
    const referred = names.length > 0 && { files: names };
    await this.#write(packState({ ...state, ...referred, savedAt: Date.now() }));
    await this.#files.sweep();
    // The state itself is safe by now.
    if (written.status === 'rejected') throw written.reason;
  }

  /** A new file first; what it replaces goes only when the new one is there. */
  async #write(content: Blob): Promise<void> {
    const number = this.#next;
    this.#next += 1;
    const file = stateFile(number);
    try {
      await this.#folder.write(file, content);
    } catch (error) {
      await this.#folder.remove(file).catch(() => undefined);
      throw error;
    }
    const numbers = await newestStates(this.#folder);
    for (const old of numbers.slice(keptStates)) await this.#folder.remove(stateFile(old));
  }

  #tell(status: SaveStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}

/** What the storage said, in words that help. */
export function storageError(cause: unknown): FilesError {
  if (cause instanceof FilesError) return cause;
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'QuotaExceededError') {
    return new FilesError(
      'no-space',
      'The browser gives no more room to save in. The last saved state is still there: delete projects that you no longer need, or save this one as a file.',
      { cause },
    );
  }
  return new FilesError(
    'storage-failed',
    `The browser could not save (${cause instanceof Error ? cause.message : String(cause)}). Save the project as a file.`,
    { cause },
  );
}
