import { CommanderError } from 'commander';

import { inOptions } from './error-details.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { createProgram } from './program.ts';
import { paintFor } from './terminal/paint.ts';

/**
 * Runs the command line.
 *
 * @param args - without the program's name
 * @returns what the process should end with
 */
export async function run(args: readonly string[]): Promise<ExitCode> {
  endQuietlyWhenNobodyReads();
  let exitCode: ExitCode = exitCodes.success;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error);
  }
}

export function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has said it already. Help and version, when asked for, end with 0.
    return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  }
  const label = paintFor(process.stderr)('red', 'error:');
  if (error instanceof Error && 'code' in error) {
    process.stderr.write(`${label} ${inOptions(error.message)}\n`);
    return exitCodes.usage;
  }
  const text = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${label} this should not happen, please report it:\n${text}\n`);
  return exitCodes.failure;
}

// `samgpu … | head` closes our stdout. That is no error of ours.
function endQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}
