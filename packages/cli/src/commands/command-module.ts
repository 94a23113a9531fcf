import type { Command } from 'commander';

import type { ExitCode } from '../exit-code.ts';

/** Hands over how a command ended. */
export type Finish = (exitCode: ExitCode) => void;

/**
 * One subcommand. Its file describes it and imports what it runs only when it is run, so that no
 * command waits for the code of another.
 */
export interface CommandModule {
  /** Adds the subcommand to `samgpu`. Its action calls `finish` when it is done. */
  register(program: Command, finish: Finish): void;
}
