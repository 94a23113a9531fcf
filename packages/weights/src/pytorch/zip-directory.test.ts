import { describe, expect, test } from 'vitest';

import { type ByteSource, memorySource, openPyTorch, toFloat32 } from '../index.ts';
import { dictionary, program, storage, tensor } from './fixtures/build-pickle.ts';
import {
  buildZip,
  directoryEntry,
  endRecords,
  localHeader,
  type ZipOptions,
  type ZipPart,
} from './fixtures/build-zip.ts';

const utf8 = new TextEncoder();
const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
const pickle = program(dictionary({ w: tensor() }));

/** A good checkpoint, with some parts replaced or added. */
function archive(changes: readonly Partial<ZipPart>[] = [], options: ZipOptions = {}): Uint8Array {
  const parts = new Map<string, ZipPart>();
  for (const part of [
    { name: 'a/data.pkl', bytes: pickle },
    { name: 'a/data/0', bytes: floats },
    ...changes,
  ]) {
    const name = part.name ?? '';
    parts.set(name, { bytes: new Uint8Array(), ...parts.get(name), ...part, name });
  }
  return buildZip([...parts.values()], options);
}

async function expectRefusal(bytes: Uint8Array, code: string, message: RegExp): Promise<void> {
  await expect(openPyTorch(memorySource(bytes))).rejects.toMatchObject({
    name: 'WeightsError',
    code,
    message: expect.stringMatching(message),
  });
}

const pkl = 'a/data.pkl';
const data = 'a/data/0';

describe('an archive is read', () => {
  test.each<[string, readonly Partial<ZipPart>[], ZipOptions]>([
    ['as PyTorch writes it', [], {}],
    ['with zip64 records', [], { zip64: true }],
    ['with a comment', [], { comment: utf8.encode('hello') }],
    ['with room before the directory', [], { gaps: [7, 0] }],
    ['with sizes after the content', [{ name: data, flags: 8, local: { size: 0, packed: 0 } }], {}],
    [
      'with zip64 sizes in the header',
      [{ name: data, local: { size: 2 ** 32 - 1, packed: 2 ** 32 - 1 } }],
      {},
    ],
    [
      'with other files',
      [{ name: 'a/.data/serialization_id', bytes: floats }, { name: 'a/code/x' }],
      {},
    ],
    [
      'with its version and byte order',
      [
        { name: 'a/version', bytes: utf8.encode('3\n') },
        { name: 'a/byteorder', bytes: utf8.encode('little') },
      ],
      {},
    ],
  ])('%s', async (_, changes, options) => {
    const store = await openPyTorch(memorySource(archive(changes, options)));
    expect(toFloat32(await store.read('w'), 'f32')).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});

describe('an archive is refused', () => {
  const one = utf8.encode('x');
  test.each<[string, readonly Partial<ZipPart>[], ZipOptions, string, RegExp]>([
    [
      'with a name twice',
      [{ name: 'a/x' }, { name: 'a/y', claimed: { name: 'a/x' } }],
      {},
      'duplicate-name',
      /"a\/x" twice/,
    ],
    [
      'with two pickles',
      [{ name: 'b/data.pkl' }],
      {},
      'format',
      /has 2 files "…\/data.pkl" among its 3/,
    ],
    [
      'with a count that is too small',
      [],
      { end: { count: 1 } },
      'zip',
      /has 2 entries, expected 1/,
    ],
    [
      'with a count that is too large',
      [],
      { end: { count: 3 } },
      'zip',
      /has 2 entries, expected 3/,
    ],
    [
      'with a wrong directory size',
      [],
      { end: { size: 10 } },
      'zip',
      /said to take 10 bytes at \d+, expected it to end at/,
    ],
    [
      'with a wrong directory offset',
      [],
      { end: { offset: 0 } },
      'zip',
      /bytes at 0, expected it to end at/,
    ],
    ['with bytes after the directory', [], { gaps: [0, 1] }, 'zip', /expected it to end at/],
    ['on several disks', [], { end: { disk: 1 } }, 'zip', /several disks/],
    [
      'with zip64 records that lie',
      [],
      { zip64: true, end: { size: 2 ** 40 } },
      'zip',
      /expected it to end at/,
    ],
    [
      'with an entry beyond it',
      [{ name: data, claimed: { headerOffset: 2 ** 31 } }],
      {},
      'zip',
      /something else starts/,
    ],
    [
      'with an entry far beyond it',
      [{ name: data, claimed: { headerOffset: 2 ** 50 } }],
      {},
      'zip',
      /something else starts/,
    ],
    [
      'with an entry over another',
      [{ name: pkl, claimed: { size: 5000, packed: 5000 } }],
      {},
      'zip',
      /"a\/data.pkl" takes 5000 bytes/,
    ],
    [
      'with two entries at one place',
      [{ name: data, claimed: { headerOffset: 0 } }],
      {},
      'zip',
      /something else starts/,
    ],
    ['with two sizes', [{ name: data, claimed: { size: 12 } }], {}, 'zip', /two sizes, 16 and 12/],
    [
      'with another size than the pickle says',
      [{ name: data, bytes: floats.subarray(4) }],
      {},
      'size',
      /has 12 bytes, expected 16/,
    ],
    [
      'with another name in the header',
      [{ name: data, local: { name: 'a/data/1' } }],
      {},
      'zip',
      /header of "a\/data\/0" differs/,
    ],
    [
      'with another size in the header',
      [{ name: data, local: { size: 12 } }],
      {},
      'zip',
      /header of "a\/data\/0" differs/,
    ],
    [
      'with another method in the header',
      [{ name: data, local: { method: 8 } }],
      {},
      'zip',
      /header of "a\/data\/0" differs/,
    ],
    [
      'that is encrypted in the header only',
      [{ name: data, local: { flags: 1 } }],
      {},
      'zip',
      /header of "a\/data\/0" differs/,
    ],
    [
      'with an extra field into what follows',
      [{ name: data, local: { extra: 5000 } }],
      {},
      'zip',
      /reaches into what follows/,
    ],
    [
      'that is compressed',
      [{ name: data, method: 8 }],
      {},
      'format',
      /compressed \(method 8\).*zip -0/,
    ],
    [
      'whose pickle is compressed',
      [{ name: pkl, method: 8 }],
      {},
      'format',
      /"a\/data.pkl" is compressed/,
    ],
    ['that is encrypted', [{ name: data, flags: 1 }], {}, 'format', /is encrypted/],
    [
      'without the storage',
      [{ name: data, claimed: { name: 'a/data/1' } }],
      {},
      'truncated',
      /lacks "a\/data\/0"/,
    ],
    [
      'without a pickle',
      [{ name: pkl, claimed: { name: 'a/data.pk' } }],
      {},
      'format',
      /has 0 files "…\/data.pkl"/,
    ],
    [
      'of a newer version',
      [{ name: 'a/version', bytes: utf8.encode('11') }],
      {},
      'format',
      /version "11", expected at most 10/,
    ],
    ['of no version', [{ name: 'a/version', bytes: one }], {}, 'format', /version "x"/],
    [
      'that is big-endian',
      [{ name: 'a/byteorder', bytes: utf8.encode('big') }],
      {},
      'format',
      /byte order is "big"/,
    ],
    [
      'with a long note',
      [{ name: 'a/version', bytes: new Uint8Array(65) }],
      {},
      'pickle',
      /has 65 bytes, expected at most 64/,
    ],
    ['of TorchScript', [{ name: 'a/constants.pkl' }], {}, 'format', /TorchScript/],
  ])('%s', async (_, changes, options, code, message) => {
    await expectRefusal(archive(changes, options), code, message);
  });

  test('that holds a checkpoint in a file', async () => {
    const bytes = buildZip([{ name: 'weights.pt', bytes: archive(), method: 8 }]);
    await expectRefusal(bytes, 'format', /may be "weights.pt" in it: unpack/);
  });

  test('with a name that is not UTF-8', async () => {
    const bytes = archive();
    const at = Buffer.from(bytes).lastIndexOf('a/data/0');
    await expectRefusal(bytes.with(at, 0xff), 'zip', /not valid UTF-8/);
  });

  test('with bytes after its end or a comment that is cut', async () => {
    await expectRefusal(
      Uint8Array.of(...archive(), 0),
      'zip',
      /ends 1 bytes after its end record, expected 0/,
    );
    const commented = archive([], { comment: utf8.encode('hello') });
    await expectRefusal(
      commented.subarray(0, -1),
      'zip',
      /ends 4 bytes after its end record, expected 5/,
    );
  });

  test('with bytes before it', async () => {
    await expectRefusal(
      Uint8Array.of(...utf8.encode('PK\x03\x04'), ...archive()),
      'zip',
      /expected it to end at/,
    );
  });

  test('at every length but its own', async () => {
    const bytes = archive([], { zip64: true });
    for (let length = 0; length < bytes.length; length++) {
      await expect(openPyTorch(memorySource(bytes.subarray(0, length)))).rejects.toMatchObject({
        name: 'WeightsError',
      });
    }
  });
});

interface SparseFile {
  readonly source: ByteSource;
  /** How many bytes were read so far. */
  readonly bytesRead: () => number;
}

/** A file of zeros but for some places, which no memory has to hold. */
function sparseFile(size: number, places: ReadonlyMap<number, Uint8Array>): SparseFile {
  let bytesRead = 0;
  const source: ByteSource = {
    size,
    identity: 'sparse',
    async read(offset, length) {
      // The longest is the end of the file, in which a comment may lie before the records.
      if (offset + length > size || length > 70_000) {
        throw new RangeError(`read ${length} at ${offset} of ${size}`);
      }
      bytesRead += length;
      const bytes = new Uint8Array(length);
      for (const [start, content] of places) {
        content.forEach((byte, i) => {
          // Of no effect outside of the array.
          bytes[start + i - offset] = byte;
        });
      }
      return bytes;
    },
  };
  return { source, bytesRead: () => bytesRead };
}

test('an archive beyond 4 GiB is read by its zip64 records, and little of it', async () => {
  const elements = 2 ** 30 + 2;
  const program64 = program(
    dictionary({
      first: tensor({ storage: storage({ elements }), offset: elements - 2, shape: [2] }),
      second: tensor({ storage: storage({ key: '1' }) }),
    }),
  );
  const size = 4 * elements;
  const wide = { size: 2 ** 32 - 1, packed: 2 ** 32 - 1 };
  const large = {
    name: 'a/data/0',
    bytes: new Uint8Array(),
    local: wide,
    claimed: { size, packed: size },
  };
  const places = new Map<number, Uint8Array>();
  const directory: number[] = [];
  let end = 0;
  const place = (bytes: readonly number[] | Uint8Array): void => {
    places.set(end, Uint8Array.from(bytes));
    end += bytes.length;
  };
  for (const part of [
    large,
    { name: 'a/data/1', bytes: floats },
    { name: 'a/data.pkl', bytes: program64 },
  ]) {
    directory.push(...directoryEntry(part, end));
    place(localHeader(part, end));
    if (part === large) {
      end += size - 8;
      place(new Uint8Array(Float32Array.of(5, 6).buffer));
    }
    place(part.bytes);
  }
  const offset = end;
  place(directory);
  place(endRecords({ count: 3, size: directory.length, offset, disk: 0 }, end, true));
  expect(end).toBeGreaterThan(2 ** 32);

  const { source, bytesRead } = sparseFile(end, places);
  const store = await openPyTorch(source);
  expect(toFloat32(await store.read('first'), 'f32')).toEqual(Float32Array.of(5, 6));
  expect(toFloat32(await store.read('second'), 'f32')).toEqual(Float32Array.of(1, 2, 3, 4));
  expect(bytesRead()).toBeLessThan(100_000);
});
