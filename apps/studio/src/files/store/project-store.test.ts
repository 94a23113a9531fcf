import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { FailingFolder, type WriteFate } from '../fixtures/failing-folder.ts';
import { isKeptFileName, keptFileName } from './kept-files.ts';
import { MemoryFolder } from './memory-folder.ts';
import type { ProjectState, SaveStatus } from './open-project.ts';
import { ProjectStore } from './project-store.ts';
import { packState, unpackHeader, unpackState } from './saved-state.ts';
import type { StorageFolder } from './storage-folder.ts';

const picture = new Blob(['not really a picture'], { type: 'image/jpeg' });
// Saved when asked to, not before.
const timing = { quiet: 1e6, atMost: 1e6, patience: 20 };

function stateOf(number: number): Omit<ProjectState, 'files'> {
  return {
    name: 'photo',
    width: 30,
    height: 20,
    objects: number,
    state: { number, text: 'ü'.repeat(number) },
  };
}

/** Lets what waits go on. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

function storeIn(folder: StorageFolder): ProjectStore {
  return new ProjectStore({ folder, notKeptBecause: undefined }, timing);
}

test('a project comes back as it was last saved', async () => {
  const folder = new MemoryFolder();
  const thumbnail = new Blob(['small'], { type: 'image/png' });
  const project = await storeIn(folder).create({ picture, thumbnail, ...stateOf(1) });
  for (const number of [2, 3, 4]) {
    project.save(() => stateOf(number));
    await project.flush();
  }
  await project.close();

  const store = storeIn(folder);
  const [recent, ...others] = await store.list();
  expect(others).toEqual([]);
  expect(recent).toMatchObject({
    id: project.id,
    name: 'photo',
    width: 30,
    height: 20,
    objects: 4,
  });
  expect(await recent?.thumbnail?.text()).toBe('small');
  const restored = await store.restore(project.id);
  expect(restored.state).toEqual(stateOf(4).state);
  expect(await restored.picture.text()).toBe('not really a picture');
  // The last two states are kept, older ones are not.
  expect(await (await folder.folder(project.id)).files()).toEqual([
    'picture',
    'thumbnail',
    'state-3.json',
    'state-4.json',
  ]);
  await restored.project.close();
});

test('whatever ends a write, there is a whole state: the newest that was written whole', async () => {
  const fates = fc.array(
    fc.constantFrom<WriteFate>('whole', 'half', 'half and dead', 'none', 'no room'),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(fates, async (fates) => {
      const folder = new MemoryFolder();
      const project = await storeIn(folder).create({ picture, ...stateOf(0) });
      await project.close();
      let expected = 0;
      for (const [i, fate] of fates.entries()) {
        const failing = new FailingFolder(folder, () => fate);
        const { project: open, state } = await storeIn(failing).restore(project.id);
        expect(state).toEqual(stateOf(expected).state);
        open.save(() => stateOf(i + 1));
        const saving = open.flush();
        // In a dead tab nothing after this write happens, not even the end of its promise.
        await (fate === 'half and dead' ? turns(2) : saving);
        const kinds = { whole: 'saved', 'half and dead': 'saving' } as const;
        expect(open.status.kind).toBe(fate in kinds ? kinds[fate as keyof typeof kinds] : 'failed');
        await open.abandon();
        if (fate === 'whole') expected = i + 1;
      }
      const { state, project: last } = await storeIn(folder).restore(project.id);
      expect(state).toEqual(stateOf(expected).state);
      await last.abandon();
    }),
    { numRuns: 60 },
  );
});

test('without room it says so, keeps the last state, and saves when there is room again', async () => {
  let fate: WriteFate = 'whole';
  const folder = new FailingFolder(new MemoryFolder(), () => fate);
  const store = storeIn(folder);
  const project = await store.create({ picture, ...stateOf(1) });
  const seen: SaveStatus['kind'][] = [];
  project.subscribe(({ kind }) => seen.push(kind));
  fate = 'no room';
  project.save(() => stateOf(2));
  await project.flush();
  expect(project.status).toMatchObject({ kind: 'failed', error: { code: 'no-space' } });
  expect((await store.list())[0]).toMatchObject({ objects: 1 });
  fate = 'whole';
  await project.flush();
  expect(project.status.kind).toBe('saved');
  expect((await store.list())[0]).toMatchObject({ objects: 2 });
  expect(seen).toEqual(['waiting', 'saving', 'failed', 'saving', 'saved']);
  await project.close();
});

test('a project that could not be begun leaves nothing', async () => {
  for (const failing of ['picture', 'state-1.json']) {
    const inner = new MemoryFolder();
    const folder = new FailingFolder(inner, (name) => (name === failing ? 'no room' : 'whole'));
    const creation = storeIn(folder).create({ picture, ...stateOf(1) });
    await expect(creation).rejects.toMatchObject({ code: 'no-space' });
    expect(await inner.folders()).toEqual([]);
  }
});

test('many changes are saved once, and at the latest after a while', async () => {
  const folder = new FailingFolder(new MemoryFolder(), () => 'whole');
  const store = new ProjectStore({ folder, notKeptBecause: undefined }, { quiet: 40, atMost: 150 });
  const project = await store.create({ picture, ...stateOf(0) });
  folder.written.length = 0;
  let asked = 0;
  const started = performance.now();
  // Never quiet for long enough.
  while (performance.now() - started < 400) {
    project.save(() => stateOf((asked += 1)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await project.close();
  expect(folder.written.length).toBeGreaterThanOrEqual(2);
  expect(folder.written.length).toBeLessThanOrEqual(6);
  expect(asked).toBe(folder.written.length);
});

test('an open project is not opened or deleted a second time', async () => {
  const folder = new MemoryFolder();
  const project = await storeIn(folder).create({ picture, ...stateOf(1) });
  const other = storeIn(folder);
  expect((await other.list()).map(({ isOpen }) => isOpen)).toEqual([true]);
  await expect(other.restore(project.id)).rejects.toMatchObject({ code: 'in-use' });
  await expect(other.delete(project.id)).rejects.toMatchObject({ code: 'in-use' });
  await project.close();
  await other.delete(project.id);
  expect(await other.list()).toEqual([]);
  await expect(other.restore(project.id)).rejects.toMatchObject({ code: 'missing' });
});

test('the newest is first', async () => {
  const folder = new MemoryFolder();
  const store = storeIn(folder);
  const ids: string[] = [];
  for (const number of [1, 2, 3]) {
    const project = await store.create({ picture, ...stateOf(number) });
    ids.unshift(project.id);
    await project.close();
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect((await store.list()).map(({ id }) => id)).toEqual(ids);
});

test('no part of a state is taken for the whole, and no changed one', async () => {
  const saved = { ...stateOf(5), savedAt: 12 };
  const bytes = new Uint8Array(await packState(saved).arrayBuffer());
  expect(await unpackState(new Blob([bytes]))).toEqual(saved);
  for (let length = 0; length < bytes.length; length++) {
    const part = new Blob([bytes.subarray(0, length)]);
    expect(await unpackState(part)).toBeUndefined();
    expect(await unpackHeader(part)).toBeUndefined();
  }
  const change = fc.record({
    at: fc.nat({ max: bytes.length - 1 }),
    by: fc.integer({ min: 1, max: 255 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, by }) => {
      const changed = new Uint8Array(bytes);
      changed[at] = changed.at(at)! ^ by;
      const read = await unpackState(new Blob([changed]));
      // The header tells more than it must: a name may change, the state may not.
      expect([undefined, JSON.stringify(saved.state)]).toContain(JSON.stringify(read?.state));
    }),
  );
});

describe('files beside a state', () => {
  const fileOf = (text: string) => ({
    name: keptFileName(),
    content: () => Promise.resolve(new Blob([text])),
  });
  const filesIn = async (folder: StorageFolder): Promise<string[]> =>
    (await folder.files()).filter(isKeptFileName);

  test('are written once, and kept as long as a kept state refers to them', async () => {
    const written: string[] = [];
    const folder = new FailingFolder(new MemoryFolder(), () => 'whole', written);
    const project = await storeIn(folder).create({ picture, ...stateOf(0) });
    const [first, second] = [fileOf('first'), fileOf('second')];
    const inside = await folder.folder(project.id);
    const save = async (...files: ReturnType<typeof fileOf>[]): Promise<string[]> => {
      project.save(() => ({ ...stateOf(1), files }));
      await project.flush();
      return filesIn(inside);
    };
    expect(await save(first)).toEqual([first.name]);
    expect(await save(first)).toEqual([first.name]);
    expect(await save(second)).toEqual([first.name, second.name]);
    // The state before the last one is the last good one should that turn out not to be whole.
    expect(await save(second)).toEqual([second.name]);
    expect(written.filter(isKeptFileName)).toEqual([first.name, second.name]);
    await project.close();

    const restored = await storeIn(folder).restore(project.id);
    expect(await (await restored.file(second.name))?.text()).toBe('second');
    expect(await restored.file(first.name)).toBeUndefined();
    // Only what the state says is a file of its own.
    expect(await restored.file('picture')).toBeUndefined();
    restored.project.save(() => ({ ...stateOf(2), files: [second] }));
    await restored.project.close();
    expect(written.filter(isKeptFileName)).toEqual([first.name, second.name]);
  });

  test.each<WriteFate>(['no room', 'none', 'half'])(
    'that come to nothing (%s) leave the state saved, are told of, and are tried again',
    async (fate) => {
      let isFull = true;
      const folder = new FailingFolder(new MemoryFolder(), (name) =>
        isFull && isKeptFileName(name) ? fate : 'whole',
      );
      const project = await storeIn(folder).create({ picture, ...stateOf(0) });
      const file = fileOf('large');
      const inside = await folder.folder(project.id);
      project.save(() => ({ ...stateOf(1), files: [file] }));
      await project.flush();
      expect(project.status).toMatchObject({
        kind: 'failed',
        error: { code: fate === 'no room' ? 'no-space' : 'storage-failed' },
      });
      expect(await filesIn(inside)).toEqual([]);
      expect((await storeIn(folder).list())[0]).toMatchObject({ objects: 1 });
      isFull = false;
      await project.flush();
      expect(project.status.kind).toBe('saved');
      await project.close();
      const restored = await storeIn(folder).restore(project.id);
      expect(await (await restored.file(file.name))?.text()).toBe('large');
      await restored.project.close();
    },
  );

  test('that were cut off with their tab are swept away', async () => {
    const inner = new MemoryFolder();
    const project = await storeIn(inner).create({ picture, ...stateOf(0) });
    await project.close();
    const dying = new FailingFolder(inner, (name) =>
      isKeptFileName(name) ? 'half and dead' : 'whole',
    );
    const { project: open } = await storeIn(dying).restore(project.id);
    open.save(() => ({ ...stateOf(1), files: [fileOf('never whole')] }));
    void open.flush();
    await turns(5);
    const inside = await inner.folder(project.id);
    expect(await filesIn(inside)).toHaveLength(1);
    await open.abandon();
    const { project: next, state } = await storeIn(inner).restore(project.id);
    expect(state).toEqual(stateOf(0).state);
    next.save(() => stateOf(2));
    await next.close();
    expect(await filesIn(inside)).toEqual([]);
  });
});
