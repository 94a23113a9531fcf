import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { mountTiny, unmount } from '../fixtures/tiny-disk.ts';
import { writeTextFile } from './file-sink.ts';
import { FolderDraft, type FolderDraftOptions } from './folder-draft.ts';

let place: string;
let target: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'samgpu-draft-'));
  target = join(place, 'model');
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function write(text: string, options?: FolderDraftOptions): Promise<void> {
  const draft = await FolderDraft.open(target, options);
  try {
    const file = await writeTextFile('notes.txt', text, (name) => draft.create(name));
    await draft.commit([file], { by: 'a test' });
  } finally {
    draft.discard();
  }
}

test('appears when it is complete, with a manifest', async () => {
  const draft = await FolderDraft.open(target);
  const file = await writeTextFile('notes.txt', 'text', (name) => draft.create(name));
  await expect(stat(target)).rejects.toThrow('ENOENT');
  await draft.commit([file], { by: 'a test' });
  expect(await readdir(place)).toEqual(['model']);
  expect((await readdir(target)).sort()).toEqual(['manifest.json', 'notes.txt']);
  expect(JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8'))).toEqual({
    by: 'a test',
    files: [
      {
        name: 'notes.txt',
        bytes: 4,
        sha256: '982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1',
      },
    ],
  });
  // Others may read it, as far as the user lets them.
  const other = join(place, 'other');
  await mkdir(other);
  expect((await stat(target)).mode).toBe((await stat(other)).mode);
});

test('leaves nothing behind when it is discarded', async () => {
  const draft = await FolderDraft.open(target);
  await writeTextFile('notes.txt', 'text', (name) => draft.create(name));
  draft.discard();
  draft.discard();
  expect(await readdir(place)).toEqual([]);
});

test('an empty folder is taken, a full one is not', async () => {
  await mkdir(target);
  await write('first');
  await expect(write('second')).rejects.toMatchObject({ code: 'would-overwrite' });
  expect(await readFile(join(target, 'notes.txt'), 'utf8')).toBe('first');
  expect(await readdir(place)).toEqual(['model']);
});

test('a folder of its own is replaced when asked for', async () => {
  await write('first');
  await write('second', { replace: true });
  expect(await readFile(join(target, 'notes.txt'), 'utf8')).toBe('second');
  expect(await readdir(place)).toEqual(['model']);
});

test('a folder with other files is never replaced', async () => {
  await write('first');
  await writeFile(join(target, 'thesis.txt'), 'years of work');
  await expect(write('second', { replace: true })).rejects.toMatchObject({
    code: 'would-overwrite',
    message: expect.stringContaining('thesis.txt is not listed in manifest.json'),
  });
  expect(await readFile(join(target, 'thesis.txt'), 'utf8')).toBe('years of work');
  expect(await readFile(join(target, 'notes.txt'), 'utf8')).toBe('first');
  expect(await readdir(place)).toEqual(['model']);
});

test('what comes into the way meanwhile is not replaced either', async () => {
  const draft = await FolderDraft.open(target);
  await mkdir(target);
  await writeFile(join(target, 'thesis.txt'), 'years of work');
  await expect(draft.commit([])).rejects.toMatchObject({ code: 'would-overwrite' });
  draft.discard();
  expect(await readdir(target)).toEqual(['thesis.txt']);
  expect(await readdir(place)).toEqual(['model']);
});

test('more bytes than the disk has are refused beforehand', async () => {
  const draft = await FolderDraft.open(target);
  await draft.expectSpace(1);
  await expect(draft.expectSpace(Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
    code: 'no-space',
    message: expect.stringContaining(`needs ${Number.MAX_SAFE_INTEGER} bytes`),
  });
  draft.discard();
});

test('a disk that is full leaves nothing behind', async ({ skip }) => {
  const mount = join(place, 'disk');
  await mkdir(mount);
  skip(!mountTiny(mount), 'needs the right to mount a file system');
  try {
    target = join(mount, 'model');
    await expect(write('x'.repeat(1e6))).rejects.toMatchObject({
      code: 'no-space',
      message: `cannot write ${join(target, 'notes.txt')}: the disk is full`,
    });
    expect(await readdir(mount)).toEqual([]);
  } finally {
    unmount(mount);
  }
});

test('a file in the way is named', async () => {
  await writeFile(target, 'a file');
  await expect(FolderDraft.open(target)).rejects.toMatchObject({ code: 'write-failed' });
  target = join(target, 'below');
  await expect(FolderDraft.open(target)).rejects.toMatchObject({
    code: 'write-failed',
    message: expect.stringContaining(target),
  });
});
