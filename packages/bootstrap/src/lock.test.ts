import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { withLock } from './lock.js';
import { temporaryFolder } from './temporary-workspace.ts';

describe('withLock', () => {
  test('lets one at a time work', async () => {
    const root = temporaryFolder({});
    const events: string[] = [];
    const work = async (name: string): Promise<void> => {
      events.push(`${name} starts`);
      await wait(20);
      events.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => withLock(root, () => work(name))));
    expect(events).toHaveLength(6);
    for (let i = 0; i < events.length; i += 2) {
      expect(events[i + 1]).toBe(events[i]!.replace('starts', 'ends'));
    }
  });

  test('is released when the work throws', async () => {
    const root = temporaryFolder({});
    await expect(withLock(root, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
    expect(existsSync(join(root, '.bootstrap/lock'))).toBe(false);
  });

  test('takes over from a process that has died', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const root = temporaryFolder({ '.bootstrap/lock': String(dead) });
    await expect(withLock(root, () => Promise.resolve('worked'))).resolves.toBe('worked');
  });
});
