import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { memorySource, openFileSource, openSafetensors, toFloat32 } from './index.ts';

const nanoPath = fileURLToPath(
  new URL('../../../../shared/nano/nano.safetensors', import.meta.url),
);

describe.skipIf(!existsSync(nanoPath))('nano.safetensors (needs ../shared)', () => {
  test('reads the same from memory and from disk', async () => {
    const bytes = new Uint8Array(await readFile(nanoPath));
    const inMemory = await openSafetensors(memorySource(bytes));
    const onDisk = await openSafetensors(await openFileSource(nanoPath));
    expect(inMemory.tensors.size).toBe(230);
    expect(onDisk.tensors).toEqual(inMemory.tensors);
    expect(inMemory.metadata.get('model')).toBe('nano');
    for (const path of inMemory.tensors.keys()) {
      expect(await onDisk.read(path)).toEqual(await inMemory.read(path));
    }
    const first = toFloat32(await onDisk.read('encoder.stem1.conv.weight'), 'f16');
    expect(first.length).toBe(32 * 3 * 3 * 3);
    expect(first.every((value) => Math.abs(value) < 10)).toBe(true);
    await onDisk.close();
  });
});
