import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { seededValues } from '@samgpu/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { memorySource } from './byte-source.ts';
import { openSafetensors } from './safetensors.ts';
import { writeSafetensors } from './write/write-safetensors.ts';
import { writeShardedSafetensors } from './write/write-sharded-safetensors.ts';
import { FolderDraft } from './write/folder-draft.ts';
import { openWeightFolder } from './open-weight-folder.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'samgpu-folder-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const tensors = ['a', 'b', 'c'].map((name, seed) => {
  const bytes = new Uint8Array(seededValues(100, seed).buffer);
  return [name, { dtype: 'f32', shape: [10, 10], bytes }] as const;
});

test.each([1, 1000, 1e9])('what was written in files of %d bytes is read', async (shardBytes) => {
  const folder = join(place, 'model');
  const source = await openSafetensors(memorySource(writeSafetensors(tensors)));
  const draft = await FolderDraft.open(folder);
  await draft.commit(
    await writeShardedSafetensors(source, (name) => draft.create(name), { shardBytes }),
  );
  const store = await openWeightFolder(folder);
  for (const [name, { bytes }] of tensors) {
    expect(Buffer.from(await store.read(name))).toEqual(Buffer.from(bytes));
  }
  await store.close();
  await (await openWeightFolder(pathToFileURL(folder))).close();
  await (await openWeightFolder(`${folder}/`)).close();
});

test('a folder without weights, and one whose shards are missing', async () => {
  await expect(openWeightFolder(place)).rejects.toMatchObject({
    code: 'read-failed',
    message: expect.stringContaining(
      'has neither model.safetensors.index.json nor model.safetensors',
    ),
  });
  const index = { weight_map: { a: 'model-00001-of-00001.safetensors' } };
  await writeFile(join(place, 'model.safetensors.index.json'), JSON.stringify(index));
  await expect(openWeightFolder(place)).rejects.toMatchObject({
    code: 'read-failed',
    message: `the folder ${place} has no file "model-00001-of-00001.safetensors", which model.safetensors.index.json lists`,
  });
});
