import type { Run } from './run.ts';

/** One module of the official code, by itself. */
export interface ModuleCase {
  readonly name: string;
  /** Too much for the float64 interpreter, which then leaves it out. */
  readonly isLarge?: boolean;
  /** Runs the module and compares. */
  readonly check: (run: Run) => Promise<void>;
}
