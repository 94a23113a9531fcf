// Whatever the bytes are: either every tensor is read from inside the file, or the error is a WeightsError.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  type ByteSource,
  dtypeSize,
  memorySource,
  openSafetensors,
  type WeightDtype,
  WeightsError,
  writeSafetensors,
} from './index.ts';

const utf8 = new TextEncoder();

/** Fails on any read beyond the file, rather than answering it with an error that the reader might take for its own. */
function guardedSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    identity: 'guarded',
    async read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= bytes.length)) {
        throw new RangeError(`read ${length} at ${offset} of ${bytes.length}`);
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** @returns whether the file was accepted */
async function readsOrRefuses(bytes: Uint8Array): Promise<boolean> {
  try {
    const store = await openSafetensors(guardedSource(bytes));
    const covered = new Uint8Array(bytes.length);
    for (const [name, { dtype, shape }] of store.tensors) {
      const tensor = await store.read(name);
      const elements = shape.reduce((product, length) => product * length, 1);
      expect(tensor.length).toBe(elements * dtypeSize(dtype));
      const start = tensor.byteOffset - bytes.byteOffset;
      covered.subarray(start, start + tensor.length).forEach((count, i, all) => {
        all[i] = count + 1;
      });
    }
    // No byte belongs to two tensors, and after the header each belongs to one.
    expect(covered.join('')).toMatch(/^0{8,}1*$/);
    return true;
  } catch (error) {
    if (error instanceof WeightsError) {
      return false;
    }
    throw error;
  }
}

const dtypes = ['f64', 'f32', 'f16', 'bf16', 'i64', 'i32', 'i16', 'i8', 'u8', 'bool'] as const;
const tensor = fc
  .record({
    dtype: fc.constantFrom<WeightDtype>(...dtypes),
    shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
  })
  .chain(({ dtype, shape }) => {
    const length = shape.reduce((product, axis) => product * axis, dtypeSize(dtype));
    return fc.record({
      dtype: fc.constant(dtype),
      shape: fc.constant(shape),
      bytes: fc.uint8Array({ minLength: length, maxLength: length }),
    });
  });
const name = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '0', '', 'dtype'),
);
const tensors = fc.uniqueArray(fc.tuple(name, tensor), {
  maxLength: 5,
  selector: ([key]) => key,
});
const metadata = fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'binary' })), {
  maxLength: 3,
  selector: ([key]) => key,
});

describe('openSafetensors', () => {
  test('reads back whatever was written', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, metadata, async (written, notes) => {
        const store = await openSafetensors(memorySource(writeSafetensors(written, notes)));
        expect(store.tensors.size).toBe(written.length);
        expect(new Map(store.metadata)).toEqual(new Map(notes));
        for (const [key, { dtype, shape, bytes }] of written) {
          expect(store.tensors.get(key)).toMatchObject({ dtype, shape });
          expect(Buffer.compare(await store.read(key), bytes)).toBe(0);
        }
      }),
    );
  });

  test('survives random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        await expect(readsOrRefuses(bytes)).resolves.toBeTypeOf('boolean');
      }),
    );
  });

  test('survives random text after a right header length', async () => {
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      fc.uint8Array().map((bytes) => `{${String.fromCharCode(...bytes)}`),
    );
    await fc.assert(
      fc.asyncProperty(json, fc.nat({ max: 16 }), async (text, dataLength) => {
        const outcome = readsOrRefuses(fileOf(utf8.encode(text), dataLength));
        await expect(outcome).resolves.toBeTypeOf('boolean');
      }),
    );
  });

  test('survives headers with random members in the right places', async () => {
    const number = fc.oneof(
      fc.nat({ max: 8 }),
      fc.integer(),
      fc.double(),
      fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 60, 2 ** 64, -0),
    );
    const info = fc.record(
      {
        dtype: fc.constantFrom('F32', 'U8', 'F16', 'BOOL', 'I64', 'F8_E4M3', 'x', null, 4),
        shape: fc.oneof(fc.array(number, { maxLength: 4 }), fc.jsonValue({ maxDepth: 1 })),
        data_offsets: fc.oneof(fc.tuple(number, number), fc.jsonValue({ maxDepth: 1 })),
      },
      { requiredKeys: [] },
    );
    const header = fc.dictionary(name, info, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(header, fc.nat({ max: 32 }), async (members, dataLength) => {
        const file = fileOf(utf8.encode(JSON.stringify(members)), dataLength);
        await expect(readsOrRefuses(file)).resolves.toBeTypeOf('boolean');
      }),
      { numRuns: 300 },
    );
  });

  test('survives every kind of damage to a valid file', async () => {
    const damage = fc.array(
      fc.record({
        kind: fc.constantFrom('set', 'flip', 'insert', 'remove', 'cut', 'double', 'digit'),
        place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        value: fc.nat({ max: 255 }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(tensors, damage, async (written, steps) => {
        const damaged = steps.reduce(applyDamage, writeSafetensors(written));
        if (await readsOrRefuses(damaged)) {
          accepted++;
        } else {
          refused++;
        }
      }),
      { numRuns: 1000 },
    );
    // Both ends of the property were reached: a changed data byte is not to be noticed without a hash.
    expect(accepted).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });

  test('refuses every prefix of a file, and the file with anything after it', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, fc.uint8Array({ minLength: 1 }), async (written, rest) => {
        const file = writeSafetensors(written);
        for (let length = 0; length < file.length; length++) {
          expect(await readsOrRefuses(file.subarray(0, length))).toBe(false);
        }
        expect(await readsOrRefuses(Uint8Array.of(...file, ...rest))).toBe(false);
      }),
      { numRuns: 10 },
    );
  });
});

function fileOf(header: Uint8Array, dataLength: number): Uint8Array {
  const file = new Uint8Array(8 + header.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  return file;
}

interface Damage {
  readonly kind: string;
  readonly place: number;
  readonly value: number;
}

function applyDamage(bytes: Uint8Array, { kind, place, value }: Damage): Uint8Array {
  const at = Math.floor(place * bytes.length);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (kind) {
    case 'set':
      return Uint8Array.of(...before, value, ...after.subarray(1));
    case 'flip':
      return Uint8Array.of(...before, (bytes[at] ?? 0) ^ (1 << (value % 8)), ...after.subarray(1));
    case 'insert':
      return Uint8Array.of(...before, value, ...after);
    case 'remove':
      return Uint8Array.of(...before, ...after.subarray(1 + (value % 8)));
    case 'cut':
      return before;
    case 'double':
      return Uint8Array.of(...before, ...after.subarray(0, value % 64), ...after);
    default:
      return changeDigit(bytes, at, value);
  }
}

/** Changes the next digit, which in a header is part of a shape, an offset or a dtype. */
function changeDigit(bytes: Uint8Array, from: number, value: number): Uint8Array {
  const at = bytes.findIndex((byte, i) => i >= from && byte >= 0x30 && byte <= 0x39);
  return at < 0 ? bytes : bytes.with(at, 0x30 + (value % 10));
}
