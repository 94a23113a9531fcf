interface Step<State, Effect> {
  readonly state: State;
  /** What led from the state before to this one. */
  readonly label: string;
  /** What that did elsewhere, to be taken back and done again along with it. */
  readonly effect: Effect | undefined;
}

/**
 * States that can be gone back and forth between. Immutable; every method gives another one.
 */
export class History<State, Effect = never> {
  readonly #steps: readonly Step<State, Effect>[];
  readonly #at: number;
  readonly #limit: number;

  private constructor(steps: readonly Step<State, Effect>[], at: number, limit: number) {
    this.#steps = steps;
    this.#at = at;
    this.#limit = limit;
  }

  /** @param limit - most steps that can be taken back */
  static of<State, Effect = never>(state: State, limit: number): History<State, Effect> {
    return new History<State, Effect>([{ state, label: '', effect: undefined }], 0, limit);
  }

  get present(): State {
    return this.#steps[this.#at]!.state;
  }

  /** The step that `undo` takes back; undefined where there is none. */
  get undoStep(): Step<State, Effect> | undefined {
    return this.#at > 0 ? this.#steps[this.#at] : undefined;
  }

  /** The step that `redo` does again; undefined where there is none. */
  get redoStep(): Step<State, Effect> | undefined {
    return this.#steps[this.#at + 1];
  }

  /** A further step. What was undone is forgotten. */
  push(state: State, label: string, effect?: Effect): History<State, Effect> {
    const steps = [...this.#steps.slice(0, this.#at + 1), { state, label, effect }];
    const first = Math.max(0, steps.length - 1 - this.#limit);
    return new History(steps.slice(first), steps.length - 1 - first, this.#limit);
  }

  /** The present in another form, without a step of its own. */
  amend(state: State): History<State, Effect> {
    const steps = this.#steps.with(this.#at, { ...this.#steps[this.#at]!, state });
    return new History(steps, this.#at, this.#limit);
  }

  undo(): History<State, Effect> {
    return this.#to(Math.max(0, this.#at - 1));
  }

  redo(): History<State, Effect> {
    return this.#to(Math.min(this.#steps.length - 1, this.#at + 1));
  }

  #to(at: number): History<State, Effect> {
    return at === this.#at ? this : new History(this.#steps, at, this.#limit);
  }
}
