import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { memorySource, openWeights, writeSafetensors } from '../index.ts';
import { Crc32 } from './crc-32.ts';
import { checkpoint, dictionary, program, tensor } from './fixtures/build-pickle.ts';
import { buildZip, little, type ZipPart } from './fixtures/build-zip.ts';

const inner = checkpoint(program(dictionary({ a: tensor() })));
const values = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

function crcOf(bytes: Uint8Array): number {
  const crc = new Crc32();
  crc.update(bytes);
  return crc.value;
}

interface Lies {
  readonly size?: number;
  readonly crc?: number;
  /** Applied to what is packed. */
  readonly damage?: (packed: Uint8Array) => Uint8Array;
}

/** A zip as common tools write it: deflated, sizes behind the content. */
function deflated(name: string, bytes: Uint8Array, lies: Lies = {}): Uint8Array {
  const packed = (lies.damage ?? ((same) => same))(Uint8Array.from(deflateRawSync(bytes)));
  const size = lies.size ?? bytes.length;
  const part: ZipPart = {
    name,
    bytes: packed,
    method: 8,
    flags: 8,
    claimed: { size },
    local: { size: 0, packed: 0 },
  };
  const zip = buildZip([part]);
  const crc = little(lies.crc ?? crcOf(bytes), 4);
  // The writer leaves the checksum 0. The directory's entry begins with its signature.
  const text = Buffer.from(zip).lastIndexOf('PK\x01\x02');
  zip.set(crc, text + 16);
  return zip;
}

async function valuesOf(zip: Uint8Array): Promise<number[]> {
  const weights = await openWeights(memorySource(zip));
  const bytes = await weights.read('a');
  await weights.close();
  return [...bytes];
}

describe('a checkpoint in a zip archive', () => {
  test('is opened where it lies plain, whatever macOS put beside it', async () => {
    const zip = buildZip([
      { name: 'model.pt', bytes: inner },
      { name: '__MACOSX/._model.pt', bytes: Uint8Array.of(0, 5, 22, 7) },
    ]);
    expect(await valuesOf(zip)).toEqual([...values]);
  });

  test('is unpacked where it was deflated', async () => {
    expect(await valuesOf(deflated('weights/model.pt', inner))).toEqual([...values]);
    const file = writeSafetensors([['a', { dtype: 'f32', shape: [4], bytes: values }]]);
    expect(await valuesOf(deflated('model.safetensors', file))).toEqual([...values]);
  });

  test('is checked by the hash of the archive', async () => {
    const zip = deflated('model.pt', inner);
    const right = { algorithm: 'md5', hex: '0'.repeat(32) } as const;
    await expect(openWeights(memorySource(zip), { digest: right })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
  });

  test.each<[string, Uint8Array, string, RegExp]>([
    [
      'two of them',
      buildZip([
        { name: 'a.pt', bytes: inner },
        { name: 'b.pt', bytes: inner },
      ]),
      'format',
      /holds 2 checkpoints .*"a.pt".*expected one/,
    ],
    ['none', buildZip([{ name: 'notes.txt', bytes: inner }]), 'format', /0 files "…\/data.pkl"/],
    [
      'an archive in an archive',
      deflated('model.pt', deflated('model.pt', inner)),
      'format',
      /0 files "…\/data.pkl"/,
    ],
    [
      'more bytes than it says',
      deflated('m.pt', inner, { size: inner.length - 1 }),
      'zip',
      /unpacks to more/,
    ],
    [
      'fewer bytes than it says',
      deflated('m.pt', inner, { size: inner.length + 1 }),
      'zip',
      /unpacks to \d+ bytes/,
    ],
    ['another checksum', deflated('m.pt', inner, { crc: 1 }), 'zip', /with the CRC/],
    [
      'a claim that deflate cannot hold',
      deflated('m.pt', inner, { size: 2 ** 31 }),
      'zip',
      /is said/,
    ],
    [
      'damage',
      deflated('m.pt', inner, {
        damage: (packed) => packed.map((byte, i) => (i === 9 ? ~byte : byte)),
      }),
      'zip',
      /./,
    ],
    [
      'an end that is missing',
      deflated('m.pt', inner, { damage: (packed) => packed.subarray(0, packed.length - 9) }),
      'zip',
      /cannot be unpacked|unpacks to/,
    ],
  ])('is refused with %s', async (_, zip, code, message) => {
    await expect(openWeights(memorySource(zip))).rejects.toMatchObject({
      name: 'WeightsError',
      code,
      message: expect.stringMatching(message),
    });
  });
});
