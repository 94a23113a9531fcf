/** `npm run parity -- PATH…`: see USAGE. */
import { runCommand } from './run.ts';

const code = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
// A GPU device keeps Node alive; what was written to a pipe must still get out before the end.
process.exitCode = code;
process.stdout.write('', () => process.exit());
