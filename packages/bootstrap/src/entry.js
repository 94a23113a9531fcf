// @ts-check
import { exitCodeOf } from './child.js';
import { StepError } from './failure.js';
import { say } from './progress.js';

const oldest = { major: 20, minor: 19 };

/**
 * The frame of each command: checks Node's version, turns what is thrown into a message for people,
 * and sets the exit code.
 *
 * @param {() => Promise<number>} command resolves with the exit code
 */
export async function enter(command) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    say(
      `This is Node.js ${process.versions.node}; ${oldest.major}.${oldest.minor} or later is needed.`,
    );
    process.exitCode = 1;
    return;
  }
  try {
    process.exitCode = await command();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    say(error.message);
    process.exitCode = error.outcome.interrupted ? exitCodeOf(error.outcome) : 1;
  }
}
