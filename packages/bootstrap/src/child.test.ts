import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, runCaptured } from './child.js';
import { temporaryFolder } from './temporary-workspace.ts';

describe('runCaptured', () => {
  test('keeps both streams and the exit code', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 7;';
    const outcome = await runCaptured(process.execPath, ['-e', script]);
    expect(outcome.output).toContain('out\n');
    expect(outcome.output).toContain('err\n');
    expect(exitCodeOf(outcome)).toBe(7);
  });

  test('reports a program that does not exist', async () => {
    const outcome = await runCaptured('no-such-program-here', []);
    expect(exitCodeOf(outcome)).toBe(127);
    expect(outcome.output).toContain('no-such-program-here');
  });

  test('passes a signal on to all that the program has started', async () => {
    const folder = temporaryFolder({});
    const started = join(folder, 'started');
    const survived = join(folder, 'survived');
    // The shell's child is not ours, and would go on if only the shell heard of the signal.
    const script = `touch ${started}; (sleep 2; touch ${survived}); true`;
    const running = runCaptured('sh', ['-c', script]);
    while (!existsSync(started)) await wait(10);
    process.emit('SIGTERM', 'SIGTERM');
    const outcome = await running;
    expect(outcome.interrupted).toBe(true);
    expect(exitCodeOf(outcome)).toBe(143);
    await wait(2200);
    expect(existsSync(survived)).toBe(false);
  });
});
