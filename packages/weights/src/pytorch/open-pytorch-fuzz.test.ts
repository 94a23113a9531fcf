// Whatever the bytes are: either every tensor is read from inside the file, or the error is a WeightsError.

import { readFile } from 'node:fs/promises';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type ByteSource, dtypeSize, openPyTorch, WeightsError } from '../index.ts';
import { legacyCheckpoint } from './fixtures/build-legacy.ts';
import { checkpoint, dictionary, program, storage, tensor } from './fixtures/build-pickle.ts';
import { opcode } from './pickle-opcodes.ts';

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
async function readsOrRefuses(bytes: Uint8Array, allowOpaqueObjects: boolean): Promise<boolean> {
  try {
    const store = await openPyTorch(guardedSource(bytes), { allowOpaqueObjects });
    for (const [name, { dtype, shape }] of store.tensors) {
      const elements = shape.reduce((product, length) => product * length, 1);
      const read = await store.read(name);
      expect(read.length).toBe(elements * dtypeSize(dtype));
      expect(read.length).toBeLessThanOrEqual(bytes.length);
      let streamed = 0;
      for await (const chunk of store.readChunks(name, { chunkSize: 64 })) {
        streamed += chunk.length;
      }
      expect(streamed).toBe(read.length);
    }
    return true;
  } catch (error) {
    if (error instanceof WeightsError) {
      return false;
    }
    throw error;
  }
}

const names = [
  'views.pt',
  'views.legacy.pt',
  'training.pt',
  'training.legacy.pt',
  'protocol-1.pt',
  'protocol-4.pt',
  'parameters.pt',
  'module.pt',
  'module.legacy.pt',
];
const files = await Promise.all(
  names.map(
    async (name) => new Uint8Array(await readFile(new URL(`fixtures/${name}`, import.meta.url))),
  ),
);

const damage = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'set',
      'set',
      'flip',
      'flip',
      'opcode',
      'word',
      'insert',
      'remove',
      'cut',
      'double',
    ),
    // Without bias: most doubles that are drawn with it lie at the very start of the file.
    place: fc.noBias(fc.nat({ max: 2 ** 20 - 1 })),
    value: fc.nat({ max: 255 }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('openPyTorch', () => {
  test('survives every kind of damage to a valid file', async () => {
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        damage,
        fc.boolean(),
        async (file, steps, allowOpaque) => {
          if (await readsOrRefuses(steps.reduce(applyDamage, file), allowOpaque)) {
            accepted++;
          } else {
            refused++;
          }
        },
      ),
      { numRuns: 3000 },
    );
    // Both ends of the property were reached: a changed data byte is not to be noticed without a hash.
    expect(accepted).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  // Random bytes hardly get beyond the first operation, so most of these are operations with small arguments.
  const operation = fc.constantFrom(...Object.values(opcode));
  const part = fc.oneof(
    { weight: 6, arbitrary: operation.map((code) => [code]) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<number[]>([opcode.BININT1, 1], [opcode.NONE], [opcode.MARK]),
    },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 4 }).map((bytes) => [...bytes]) },
    { weight: 1, arbitrary: fc.constant([0x8c, 1, 0x61]) },
    { weight: 1, arbitrary: fc.constant([...tensor()]) },
    {
      weight: 1,
      arbitrary: fc.constant([...new TextEncoder().encode('ccollections\nOrderedDict\n')]),
    },
  );

  test('survives random programs in pickles', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 24 }),
        fc.boolean(),
        async (parts, allowOpaque) => {
          const pickle = Uint8Array.of(...parts.flat(), opcode.STOP);
          for (const file of [checkpoint(pickle), legacyCheckpoint({ pickle })]) {
            await expect(readsOrRefuses(file, allowOpaque)).resolves.toBeTypeOf('boolean');
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('survives tensors with random shapes', async () => {
    const number = fc.oneof(
      { weight: 4, arbitrary: fc.nat({ max: 5 }) },
      fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53 - 1, -1),
    );
    const axes = fc.array(number, { maxLength: 4 });
    const types = fc.constantFrom('FloatStorage', 'DoubleStorage', 'HalfStorage', 'ByteStorage');
    const accepted = new Set<boolean>();
    await fc.assert(
      fc.asyncProperty(
        axes,
        axes,
        number,
        number,
        types,
        async (shape, strides, offset, elements, type) => {
          const aligned = shape.map((_, axis) => strides[axis] ?? 1);
          const value = tensor({
            storage: storage({ type, elements }),
            shape,
            strides: aligned,
            offset,
          });
          const sizes = { FloatStorage: 4, DoubleStorage: 8, HalfStorage: 2, ByteStorage: 1 };
          const bytes = new Uint8Array(elements >= 0 && elements < 10 ? elements * sizes[type] : 0);
          const file = checkpoint(program(dictionary({ w: value })), { 'data/0': bytes });
          accepted.add(await readsOrRefuses(file, false));
        },
      ),
      { numRuns: 1000 },
    );
    expect(accepted.size).toBe(2);
  });
});

interface Damage {
  readonly kind: string;
  readonly place: number;
  readonly value: number;
}

function applyDamage(bytes: Uint8Array, { kind, place, value }: Damage): Uint8Array {
  const at = Math.floor((place / 2 ** 20) * bytes.length);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (kind) {
    case 'set':
      return Uint8Array.of(...before, value, ...after.subarray(1));
    case 'flip':
      return Uint8Array.of(...before, (bytes[at] ?? 0) ^ (1 << (value % 8)), ...after.subarray(1));
    case 'opcode': {
      const codes = Object.values(opcode);
      return Uint8Array.of(...before, codes[value % codes.length]!, ...after.subarray(1));
    }
    case 'word':
      return Uint8Array.of(...before, value, value, value, value, ...after.subarray(4));
    case 'insert':
      return Uint8Array.of(...before, value, ...after);
    case 'remove':
      return Uint8Array.of(...before, ...after.subarray(1 + (value % 8)));
    case 'cut':
      return before;
    default:
      return Uint8Array.of(...before, ...after.subarray(0, value % 64), ...after);
  }
}
