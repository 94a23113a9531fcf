import { unpackHeader } from './saved-state.ts';
import { newestStates, stateFile } from './state-files.ts';
import type { StorageFolder } from './storage-folder.ts';

/** A file that a state refers to by its name: written once, and kept as long as a kept state wants it. */
export interface KeptFile {
  /** Of {@link keptFileName}, so that no other content ever has it. */
  readonly name: string;
  /** Asked for only when it is written. */
  readonly content: () => Promise<Blob>;
}

const pattern = /^file-[0-9a-f-]{36}$/;

export function keptFileName(): string {
  return `file-${crypto.randomUUID()}`;
}

export function isKeptFileName(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

/** The files of one project. */
export class KeptFiles {
  readonly #folder: StorageFolder;
  /** What is there as a whole: what a whole state refers to, and what was written here. */
  readonly #written: Set<string>;

  constructor(folder: StorageFolder, written: Iterable<string>) {
    this.#folder = folder;
    this.#written = new Set(written);
  }

  /** Writes what is not there yet. @throws what the first one failed with, after trying all */
  async write(files: readonly KeptFile[]): Promise<void> {
    const failures: unknown[] = [];
    for (const { name, content } of files) {
      if (this.#written.has(name)) continue;
      try {
        await this.#folder.write(name, await content());
        this.#written.add(name);
      } catch (error) {
        failures.push(error);
        await this.#folder.remove(name).catch(() => undefined);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Removes what no state refers to that is still kept, parts of files included. */
  async sweep(): Promise<void> {
    const found = (await this.#folder.files()).filter(isKeptFileName);
    if (found.length === 0) return;
    const wanted = new Set<string>();
    for (const number of await newestStates(this.#folder)) {
      const state = await this.#folder.read(stateFile(number));
      const header = state && (await unpackHeader(state));
      for (const name of header?.files ?? []) wanted.add(name);
    }
    for (const name of found) {
      if (wanted.has(name)) continue;
      this.#written.delete(name);
      await this.#folder.remove(name);
    }
  }
}
