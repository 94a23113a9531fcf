import type { Backend, Graph, Program, WeightStore } from '@samgpu/graph';

/** Programs kept ready. Each holds places for its values, so there is a limit. */
const CAPACITY = 12;

interface Entry {
  readonly program: Promise<Program>;
  /** Runs in flight; an entry in use is not evicted. */
  users: number;
}

/** Compiled graphs by name, made when first needed; the least recently used goes. */
export class ProgramCache {
  readonly #backend: Backend;
  readonly #weights: WeightStore;
  /** In order of use, the latest last. */
  readonly #entries = new Map<string, Entry>();

  constructor(backend: Backend, weights: WeightStore) {
    this.#backend = backend;
    this.#weights = weights;
  }

  /**
   * Does something with a program, which stays as long as that takes.
   *
   * @param record - makes its graph, if it is not there yet
   */
  async use<Result>(
    key: string,
    record: () => Graph,
    work: (program: Program) => Promise<Result>,
  ): Promise<Result> {
    const entry = this.#take(key, record);
    entry.users += 1;
    try {
      return await work(await entry.program);
    } finally {
      entry.users -= 1;
    }
  }

  dispose(): void {
    for (const { program } of this.#entries.values()) {
      disposeLater(program);
    }
    this.#entries.clear();
  }

  #take(key: string, record: () => Graph): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const entry = { program: this.#backend.compile(record(), this.#weights), users: 0 };
    this.#entries.set(key, entry);
    // What failed once may succeed later: it is not kept.
    entry.program.catch(() => this.#entries.delete(key));
    for (const [oldest, { program, users }] of this.#entries) {
      if (this.#entries.size <= CAPACITY) break;
      if (users === 0 && oldest !== key) {
        this.#entries.delete(oldest);
        disposeLater(program);
      }
    }
    return entry;
  }
}

function disposeLater(program: Promise<Program>): void {
  program.then(
    (ready) => ready.dispose(),
    () => undefined,
  );
}
