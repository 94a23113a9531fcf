interface Step<State> {
  readonly state: State;
  /** What led from the state before to this one. */
  readonly label: string;
}

/**
 * States that can be gone back and forth between. Immutable; every method gives another one.
 */
export class History<State> {
  readonly #steps: readonly Step<State>[];
  readonly #at: number;
  readonly #limit: number;

  private constructor(steps: readonly Step<State>[], at: number, limit: number) {
    this.#steps = steps;
    this.#at = at;
    this.#limit = limit;
  }

  /** @param limit - most steps that can be taken back */
  static of<State>(state: State, limit: number): History<State> {
    return new History([{ state, label: '' }], 0, limit);
  }

  get present(): State {
    return this.#steps[this.#at]!.state;
  }

  /** What `undo` takes back; undefined where there is nothing. */
  get undoLabel(): string | undefined {
    return this.#at > 0 ? this.#steps[this.#at]!.label : undefined;
  }

  /** What `redo` does again; undefined where there is nothing. */
  get redoLabel(): string | undefined {
    return this.#steps[this.#at + 1]?.label;
  }

  /** A further step. What was undone is forgotten. */
  push(state: State, label: string): History<State> {
    const steps = [...this.#steps.slice(0, this.#at + 1), { state, label }];
    const first = Math.max(0, steps.length - 1 - this.#limit);
    return new History(steps.slice(first), steps.length - 1 - first, this.#limit);
  }

  /** The present in another form, without a step of its own. */
  amend(state: State): History<State> {
    const { label } = this.#steps[this.#at]!;
    return new History(this.#steps.with(this.#at, { state, label }), this.#at, this.#limit);
  }

  undo(): History<State> {
    return this.#to(Math.max(0, this.#at - 1));
  }

  redo(): History<State> {
    return this.#to(Math.min(this.#steps.length - 1, this.#at + 1));
  }

  #to(at: number): History<State> {
    return at === this.#at ? this : new History(this.#steps, at, this.#limit);
  }
}
