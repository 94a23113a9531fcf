import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openTextStore } from '../text-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samgpu-texts-'));
  vi.stubEnv('SAMGPU_CACHE', folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test('texts are files beside the models, whole ones only', async () => {
  const store = openTextStore('notes');
  expect(await store.get('a')).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
  await Promise.all(['one', 'two', 'three'].map((text) => store.set('a', text)));
  await store.set('b', 'other');
  expect(await readdir(join(folder, 'notes'))).toEqual(['a.json', 'b.json']);
  expect(['one', 'two', 'three']).toContain(await openTextStore('notes').get('a'));
});

test('where nothing can be written a text lasts as long as the process', async () => {
  await writeFile(join(folder, 'taken'), '');
  await openTextStore('taken').set('a', 'kept');
  expect(await openTextStore('taken').get('a')).toBe('kept');
});
