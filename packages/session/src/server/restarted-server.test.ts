/** Sessions whose server, a process of its own, is ended and started anew between calls. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createHttpEngine, type Engine, Session } from '../index.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/engine-server.ts', import.meta.url));

/** A bright square, 20 pixels wide. */
function square(left: number, top: number) {
  const data = Uint8Array.from({ length: 64 * 48 * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % 64, Math.floor(at / 192)];
    return x >= left && x < left + 20 && y >= top && y < top + 20 ? 220 : 30;
  });
  return { width: 64, height: 48, channels: 3, data } as const;
}
const LEFT = square(6, 14);
const RIGHT = square(38, 14);

let server: ChildProcess;
let port = 0;
let engine: Engine;
let session: Session;

async function start(): Promise<void> {
  server = fork(PROGRAM, [String(port)], { execArgv: ['--conditions=@samgpu/source'] });
  const [at] = (await once(server, 'message')) as [number];
  port = at;
}

async function stop(): Promise<void> {
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}

beforeEach(async () => {
  port = 0;
  await start();
  engine = createHttpEngine(`http://127.0.0.1:${port}`);
  session = new Session({ engine });
  await Promise.all([session.load('nano'), session.open(LEFT, { name: 'left' })]);
});

afterEach(async () => {
  session.dispose();
  engine.dispose();
  await stop();
});

test('another image is opened, and its model loaded again by itself', async () => {
  await stop();
  await start();
  const states: string[] = [];
  session.subscribe(() => states.push(session.snapshot.state));
  await session.open(RIGHT, { name: 'right' });
  expect(states).toContain('loading');
  expect(session.snapshot).toMatchObject({
    state: 'ready',
    error: null,
    model: { name: 'nano' },
    image: { name: 'right', revision: 2 },
  });
  session.addPoint({ x: 48, y: 24 });
  await session.settled();
  expect(session.snapshot.draft!.mask.contains(48, 24)).toBe(true);
  expect(session.snapshot.error).toBeNull();
});

test('what others hold since then is not taken for what this one held', async () => {
  session.addPoint({ x: 16, y: 24 });
  await session.settled();
  const before = session.snapshot.draft!.mask;
  session.clearPrompts();
  await stop();
  await start();
  // As many models and images as there were, of another picture.
  using other = new Session({ engine: createHttpEngine(`http://127.0.0.1:${port}`) });
  await Promise.all([other.load('nano'), other.open(RIGHT)]);
  session.addPoint({ x: 16, y: 24 });
  await expect.poll(() => session.snapshot.draft?.mask.data).toEqual(before.data);
  expect(session.snapshot.error).toBeNull();
});

test('a search and edges begin anew on the image that is encoded again', async () => {
  session.addPoint({ x: 16, y: 24 });
  await session.settled();
  const { area } = session.snapshot.draft!.mask;
  await stop();
  await start();
  const found = await session.everything({ pointsPerSide: 4 });
  expect(found.some(({ mask }) => mask.contains(16, 24))).toBe(true);
  expect(session.snapshot).toMatchObject({ error: null, everything: { state: 'done' } });
  await stop();
  await start();
  await session.refineEdges();
  expect(session.snapshot.draft!.mask.area).toBe(area);
  expect(session.snapshot.draft!.alpha?.alpha.length).toBeGreaterThan(0);
  expect(session.snapshot.error).toBeNull();
});

test('a server that is gone is told, and nothing is lost by that', async () => {
  await stop();
  await expect(session.open(RIGHT)).rejects.toMatchObject({ code: 'engine-lost' });
  expect(session.snapshot).toMatchObject({
    error: { code: 'engine-lost' },
    image: { name: 'left' },
  });
  await start();
  await session.open(RIGHT, { name: 'right' });
  expect(session.snapshot).toMatchObject({ state: 'ready', error: null, image: { name: 'right' } });
});
