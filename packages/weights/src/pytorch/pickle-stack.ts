import type { WeightsError, WeightsErrorCode } from '../weights-error.ts';
import type { PickleValue } from './pickle-values.ts';

// A checkpoint of thousands of tensors needs some ten thousand of the first two, and marks nested ten deep.
const mostValues = 2 ** 20;
const mostMemos = 2 ** 20;
const mostMarks = 1000;

type Fail = (code: WeightsErrorCode, message: string) => WeightsError;

/** The values that a pickle works on: a stack with marks, and the memo for values used again. */
export class PickleStack {
  readonly #values: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  readonly #fail: Fail;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  push(value: PickleValue): void {
    if (this.#values.length >= mostValues) {
      throw this.#fail('pickle', `the pickle's stack has more than ${mostValues} values`);
    }
    this.#values.push(value);
  }

  pop(): PickleValue {
    if (this.#values.length <= this.#floor()) {
      throw this.#underflow();
    }
    return this.#values.pop()!;
  }

  /** The topmost value, which stays. */
  top(): PickleValue {
    if (this.#values.length <= this.#floor()) {
      throw this.#underflow();
    }
    return this.#values.at(-1)!;
  }

  /** The topmost `count` values, in the order in which they were pushed. */
  popMany(count: number): PickleValue[] {
    if (this.#values.length - count < this.#floor()) {
      throw this.#underflow();
    }
    return this.#values.splice(this.#values.length - count, count);
  }

  mark(): void {
    if (this.#marks.length >= mostMarks) {
      throw this.#fail('pickle', `the pickle nests more than ${mostMarks} levels deep`);
    }
    this.#marks.push(this.#values.length);
  }

  /** Whether nothing was pushed since the last mark. */
  isAtMark(): boolean {
    return this.#marks.length > 0 && this.#values.length === this.#marks.at(-1);
  }

  /** All values since the last mark, which goes too. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) {
      throw this.#fail('pickle', 'the pickle goes back to a mark that was never set');
    }
    return this.#values.splice(mark);
  }

  get isEmpty(): boolean {
    return this.#values.length === 0 && this.#marks.length === 0;
  }

  get memoSize(): number {
    return this.#memo.size;
  }

  remember(index: number): void {
    if (this.#memo.size >= mostMemos) {
      throw this.#fail('pickle', `the pickle remembers more than ${mostMemos} values`);
    }
    this.#memo.set(index, this.top());
  }

  recall(index: number): PickleValue {
    const value = this.#memo.get(index);
    if (value === undefined) {
      throw this.#fail('pickle', `the pickle refers to value ${index}, which it never remembered`);
    }
    return value;
  }

  /** Values below a mark belong to what is built around it. */
  #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #underflow(): WeightsError {
    return this.#fail('pickle', 'the pickle takes a value from an empty stack');
  }
}
