import { readFile } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { memorySource, openPyTorch, openWeights, writeSafetensors } from './index.ts';

const utf8 = new TextEncoder();
const safetensors = writeSafetensors([
  ['w', { dtype: 'u8', shape: [2], bytes: Uint8Array.of(1, 2) }],
]);

async function fixture(name: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(`pytorch/fixtures/${name}`, import.meta.url)));
}

describe('openWeights', () => {
  test('opens safetensors', async () => {
    const store = await openWeights(memorySource(safetensors));
    expect(await store.read('w')).toEqual(Uint8Array.of(1, 2));
  });

  test.each(['state-dict.pt', 'state-dict.legacy.pt'])('opens %s', async (name) => {
    const store = await openWeights(memorySource(await fixture(name)));
    expect(store.tensors.get('0.weight')).toMatchObject({ dtype: 'f32', shape: [3, 2, 1, 1] });
  });

  test('hands its options on', async () => {
    const source = memorySource(await fixture('two-models.pt'));
    expect([...(await openWeights(source, { key: 'ema' })).tensors.keys()]).toEqual(['w']);
    await expect(
      openWeights(memorySource(safetensors), { sha256: '0'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'checksum-mismatch' });
  });

  const tar = new Uint8Array(1024);
  tar.set(utf8.encode('storages'), 0);
  tar.set(utf8.encode('ustar'), 257);
  const contents: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['nothing', new Uint8Array(), /^the file is empty, expected weights/],
    [
      'an HTML page',
      utf8.encode('\n<!DOCTYPE html><p>404'),
      /web page \("<!DOCTYPE html><p>404"\)/,
    ],
    ['an HTML page with a mark', utf8.encode('\ufeff<html>'), /web page \("<html>"\)/],
    ['an XML answer', utf8.encode('<?xml version="1.0"?><Error/>'), /web page/],
    ['a JSON error', utf8.encode('{"error":"Entry not found"}'), /this is JSON .*Entry not found/],
    [
      'a Git LFS pointer',
      utf8.encode('version https://git-lfs.github.com/spec/v1\noid sha256:00\n'),
      /git lfs pull/,
    ],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), /compressed by gzip/],
    ['a tar archive', tar, /tar archive, maybe a checkpoint of PyTorch before/],
    ['anything else', utf8.encode('GGUF0000'), /of 8 bytes starts with 47 47 55 46 30 30 30 30/],
    ['a short file', Uint8Array.of(5), /of 1 bytes starts with 05,/],
  ];

  test.each(contents)('refuses %s before any hash', async (_, bytes, message) => {
    for (const open of [openWeights, openPyTorch]) {
      await expect(open(memorySource(bytes))).rejects.toMatchObject({
        name: 'WeightsError',
        code: 'format',
        message: expect.stringMatching(message),
      });
    }
    await expect(
      openWeights(memorySource(bytes), { sha256: '0'.repeat(64) }),
    ).rejects.toMatchObject({ code: 'format' });
  });
});

test('openPyTorch says what to use for safetensors', async () => {
  await expect(openPyTorch(memorySource(safetensors))).rejects.toMatchObject({
    code: 'format',
    message: expect.stringContaining('Use openSafetensors or openWeights'),
  });
});
