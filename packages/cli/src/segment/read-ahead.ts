/** What was read, or why it was not. */
export type ReadResult<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Reads one thing after another, each while the one before it is being worked on.
 *
 * At most two are in memory: the one that was given out and the next.
 */
export class ReadAhead<Input, Output> {
  readonly #inputs: readonly Input[];
  readonly #read: (input: Input) => Promise<Output>;
  #next = 0;
  #reading: Promise<ReadResult<Output>> | undefined;

  constructor(inputs: readonly Input[], read: (input: Input) => Promise<Output>) {
    this.#inputs = inputs;
    this.#read = read;
  }

  /** Starts with the first one. */
  start(): void {
    this.#reading ??= this.#readNext();
  }

  /** Each input with what was read, in order. */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly [Input, ReadResult<Output>]> {
    this.start();
    for (const input of this.#inputs) {
      const result = await this.#reading!;
      this.#reading = this.#readNext();
      yield [input, result];
    }
  }

  // Errors become values, because one that nobody waits for yet would end the process.
  async #readNext(): Promise<ReadResult<Output>> {
    const position = this.#next++;
    if (position >= this.#inputs.length) return { error: new RangeError('no more inputs') };
    try {
      return { value: await this.#read(this.#inputs[position]!) };
    } catch (error) {
      return { error };
    }
  }
}
