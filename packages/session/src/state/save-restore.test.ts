import { Mask } from '@samgpu/mask';
import { expect, test } from 'vitest';

import { ScriptedEngine, SIZE } from '../fixtures/scripted-engine.ts';
import { Session, type SessionState } from '../index.ts';

const flush = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Answers all that is asked until the work is done. */
async function answering<T>(engine: ScriptedEngine, work: Promise<T>): Promise<T> {
  const progress = { isDone: false };
  const mark = (): void => {
    progress.isDone = true;
  };
  work.then(mark, mark);
  while (!progress.isDone) {
    await flush();
    engine.reply();
  }
  return work;
}

async function opened(): Promise<{ engine: ScriptedEngine; session: Session }> {
  const engine = new ScriptedEngine(true);
  const session = new Session({ engine });
  const ready = Promise.all([session.load('a'), session.open('photo', { name: 'photo' })]);
  await answering(engine, ready);
  return { engine, session };
}

async function worked(): Promise<{ engine: ScriptedEngine; session: Session }> {
  const { engine, session } = await opened();
  session.addPoint({ x: 3, y: 4 });
  await answering(engine, session.commit({ name: 'first' }));
  await answering(engine, session.refineEdges());
  await answering(engine, session.everything());
  session.take(...session.snapshot.everything!.found.map(({ id }) => id).slice(0, 2));
  session.setMask(
    Mask.fromBitmap({ width: SIZE, height: SIZE, data: new Uint8Array(SIZE ** 2).fill(1) }),
  );
  session.addLasso([
    { x: 1, y: 1 },
    { x: 9, y: 1 },
    { x: 9, y: 9 },
  ]);
  session.addPoint({ x: 5, y: 6, label: 'exclude' });
  session.setOperation('add');
  session.edit({ kind: 'grow', amount: 1 });
  await answering(engine, session.settled());
  return { engine, session };
}

test('a session that went through JSON is the same, and goes on', async () => {
  const { session } = await worked();
  const saved = session.save();
  expect(structuredClone(saved)).toEqual(saved);
  const state = JSON.parse(JSON.stringify(saved)) as SessionState;
  const engine = new ScriptedEngine(true);
  const restored = Session.restore(state, { engine });
  expect(restored.save()).toEqual({ ...saved, model: null });
  expect(restored.snapshot.objects[0]!.alpha!.alpha).toEqual(
    session.snapshot.objects[0]!.alpha!.alpha,
  );
  const ready = Promise.all([
    restored.load('a'),
    restored.open('photo', { name: 'photo', keepDocument: true }),
  ]);
  await answering(engine, ready);
  await answering(engine, restored.settled());
  expect(restored.snapshot.draft!.mask.data).toEqual(session.snapshot.draft!.mask.data);
  const id = restored.addPoint({ x: 1, y: 1 });
  expect(session.snapshot.prompts.map((one) => one.id)).not.toContain(id);
});

test.each([
  ['another format', { format: 'else' }],
  ['another version', { version: 2 }],
  ['no image', { image: null }],
  ['an empty image', { image: { width: 0, height: 4, name: '' } }],
  ['a mask of another size', { image: { width: 4, height: 4, name: '' } }],
  ['objects that are none', { objects: [{}] }],
  ['an unknown selection', { selected: 'nobody' }],
  ['an unknown edit', { edits: [{ kind: 'explode' }] }],
  ['an edit by nothing known', { edits: [{ kind: 'grow', amount: null }] }],
  [
    'a prompt beside the image',
    { prompts: [{ id: '1', kind: 'point', x: 99, y: 0, label: 'include' }] },
  ],
  [
    'prompts of one id',
    { prompts: [1, 2].map(() => ({ id: '1', kind: 'point', x: 1, y: 0, label: 'include' })) },
  ],
])('a state with %s is refused as a whole', async (_, change) => {
  const { session } = await worked();
  const state = { ...session.save(), ...change } as unknown as SessionState;
  expect(() => Session.restore(state, { engine: new ScriptedEngine(true) })).toThrow(
    expect.objectContaining({ code: 'invalid-state' }),
  );
});

test('refined edges go with what they were refined of, and come back with it', async () => {
  const { engine, session } = await opened();
  session.addPoint({ x: 3, y: 4 });
  await answering(engine, session.settled());
  await answering(engine, session.refineEdges());
  expect(session.snapshot.draft!.alpha).toBeDefined();
  expect(session.snapshot.undoLabel).toBe('Refine edges');
  session.edit({ kind: 'invert' });
  expect(session.snapshot.draft!.alpha).toBeUndefined();
  session.undo();
  expect(session.snapshot.draft!.alpha).toBeDefined();
  const late = session.refineEdges();
  await flush();
  session.edit({ kind: 'invert' });
  await expect(answering(engine, late)).rejects.toMatchObject({ code: 'superseded' });
});

test('Esc ends a search and keeps what was found; then it takes the draft away', async () => {
  const { engine, session } = await opened();
  session.addPoint({ x: 3, y: 4 });
  await answering(engine, session.settled());
  const search = session.everything();
  await flush();
  session.cancel();
  await expect(search).rejects.toMatchObject({ code: 'cancelled' });
  expect(session.snapshot.everything).toMatchObject({ state: 'done', found: [] });
  expect(session.snapshot.error).toBeNull();
  session.cancel();
  expect(session.snapshot).toMatchObject({ prompts: [], draft: null, undoLabel: 'Cancel' });
  session.undo();
  expect(session.snapshot.prompts).toHaveLength(1);
});
