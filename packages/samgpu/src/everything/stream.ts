/** Values that are made at one place and read at another, once, in their order. */
export class Stream<Value> {
  readonly #waiting: Value[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(value: Value): void {
    this.#waiting.push(value);
    this.#wake?.();
  }

  end(): void {
    this.#end = {};
    this.#wake?.();
  }

  /** What was pushed before can still be read. */
  fail(error: unknown): void {
    this.#end = { error };
    this.#wake?.();
  }

  async *values(): AsyncGenerator<Value, void> {
    for (;;) {
      while (this.#waiting.length > 0) yield this.#waiting.shift()!;
      if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
