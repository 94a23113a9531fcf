import type { Backend, Graph, Program, WeightStore } from '@samgpu/graph';

/** Programs kept ready. Each holds places for its values, so there is a limit. */
const CAPACITY = 12;

/** Compiled graphs by name, made when first needed; the least recently used goes. */
export class ProgramCache {
  readonly #backend: Backend;
  readonly #weights: WeightStore;
  readonly #programs = new Map<string, Promise<Program>>();

  constructor(backend: Backend, weights: WeightStore) {
    this.#backend = backend;
    this.#weights = weights;
  }

  /** @param record - makes the graph, if it is not there yet */
  async get(key: string, record: () => Graph): Promise<Program> {
    const known = this.#programs.get(key);
    if (known !== undefined) {
      this.#programs.delete(key);
      this.#programs.set(key, known);
      return known;
    }
    const program = this.#backend.compile(record(), this.#weights);
    this.#programs.set(key, program);
    // What failed once may succeed later: it is not kept.
    program.catch(() => this.#programs.delete(key));
    for (const [oldest, stale] of this.#programs) {
      if (this.#programs.size <= CAPACITY) break;
      this.#programs.delete(oldest);
      disposeLater(stale);
    }
    return program;
  }

  dispose(): void {
    for (const program of this.#programs.values()) {
      disposeLater(program);
    }
    this.#programs.clear();
  }
}

function disposeLater(program: Promise<Program>): void {
  program.then(
    (ready) => ready.dispose(),
    () => undefined,
  );
}
