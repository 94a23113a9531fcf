import { describe, expect, test } from 'vitest';

import { blobSource, memorySource, openSafetensors, writeSafetensors } from './index.ts';

const file = writeSafetensors([
  ['values', { dtype: 'u8', shape: [4], bytes: Uint8Array.of(1, 2, 3, 4) }],
]);

// By Python's hashlib and by `git hash-object`, of that very file.
const sha256 = 'bd538e3c3e89a6b2ec476bee628f0eecd1bed43bf2641c88df4e3a737256721f';
const digests = [
  { algorithm: 'sha256', hex: sha256 },
  { algorithm: 'md5', hex: '4e2c45a2a3ace1395291365ecf9df244' },
  { algorithm: 'git-blob', hex: 'c0f8327875c4ce45ef8c4eb0961c8a997e140f0e' },
] as const;

describe.each([
  ['memory', () => memorySource(file)],
  ['a blob', () => blobSource(new Blob([Uint8Array.from(file)]))],
])('a digest of content in %s', (_, source) => {
  test.each(digests)('$algorithm is taken when it is right', async ({ algorithm, hex }) => {
    const store = await openSafetensors(source(), {
      digest: { algorithm, hex: hex.toUpperCase() },
    });
    // An MD5 or SHA-1 can be forged, so neither may become the name under which things are cached.
    expect(store.fingerprint).toBe(`sha256:${sha256}`);
  });

  test.each(digests)('$algorithm is refused when it is wrong', async ({ algorithm, hex }) => {
    const wrong = hex.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    const digest = { algorithm, hex: wrong };
    await expect(openSafetensors(source(), { digest })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringMatching(`of these ${file.length} bytes is ${hex}, expected ${wrong}`),
    });
  });

  test('is checked beside a SHA-256', async () => {
    const digest = { algorithm: 'md5', hex: '0'.repeat(32) } as const;
    await expect(openSafetensors(source(), { sha256, digest })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
  });
});

test.each([
  { algorithm: 'md5', hex: 'abc' },
  { algorithm: 'md5', hex: sha256 },
  { algorithm: 'git-blob', hex: 'g'.repeat(40) },
  { algorithm: 'sha1' as 'md5', hex: '0'.repeat(40) },
  { algorithm: 'constructor' as 'md5', hex: '0' },
] as const)('refuses a malformed digest before reading: $algorithm $hex', async (digest) => {
  await expect(openSafetensors(memorySource(file), { digest })).rejects.toMatchObject({
    name: 'WeightsError',
    code: 'argument',
  });
});
