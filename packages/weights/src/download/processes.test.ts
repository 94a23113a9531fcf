/** Several processes, some of which are ended in the middle. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { loadModelFile, type ModelCache, openModelCache } from '../index.ts';
import { type ModelServer, startModelServer } from './fixtures/model-server.ts';

const content = new Uint8Array(randomBytes(400_000));
const sha256 = createHash('sha256').update(content).digest('hex');
const [major = 0] = process.versions.node.split('.').map(Number);
const canRunTypeScript = major >= 24;
const hint = canRunTypeScript ? '' : ' (skipped: needs Node 24)';

interface Message {
  readonly phase: string;
  readonly loaded: number;
}

let folder: string;
let cache: ModelCache;
let server: ModelServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-cache-'));
  cache = await openModelCache({ folder });
  server = await startModelServer({ content, pause: 10 });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function start(onMessage: (message: Message, child: ChildProcess) => void): Promise<number | null> {
  const script = fileURLToPath(new URL('fixtures/load-in-child.ts', import.meta.url));
  const child = fork(script, [server.url, sha256, folder], {
    execArgv: ['--conditions=@samgpu/source'],
  });
  child.on('message', (message) => onMessage(message as Message, child));
  return new Promise((resolve) => child.on('exit', resolve));
}

describe.skipIf(!canRunTypeScript)(`processes${hint}`, () => {
  test('at the same time download a file once', async () => {
    const phases: string[][] = [[], []];
    const codes = await Promise.all(phases.map((list) => start(({ phase }) => list.push(phase))));
    expect(codes).toEqual([0, 0]);
    expect(server.log).toHaveLength(1);
    expect(phases.filter((list) => list.includes('waiting'))).toHaveLength(1);
    expect(phases.map((list) => list.at(-1))).toEqual(['size', 'size']);
  });

  test('that are killed leave a part and a lock, which the next one takes over', async () => {
    await start(({ loaded }, child) => {
      if (loaded > 100_000) child.kill('SIGKILL');
    });
    const [part] = await cache.list();
    expect(part?.complete).toBe(false);
    expect(part?.bytes).toBeGreaterThan(100_000);
    server.behaviour.pause = 0;
    const source = await loadModelFile({ url: server.url, sha256 }, { cache });
    expect(await source.read(0, source.size)).toEqual(content);
    await source.close?.();
    expect(server.log.map(({ range }) => range)).toEqual([undefined, `bytes=${part?.bytes}-`]);
    expect(await cache.list()).toMatchObject([{ complete: true, bytes: content.length }]);
  });
});
