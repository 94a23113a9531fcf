import { describe, expect, test } from 'vitest';

import { memorySource, openPyTorch } from '../index.ts';
import { expectPickleRefusal } from './fixtures/expect-refusal.ts';
import {
  checkpoint,
  dictionary,
  globalOf,
  int,
  program,
  storage,
  tensor,
  text,
  tuple,
} from './fixtures/build-pickle.ts';
import { opcode } from './pickle-opcodes.ts';

const { MARK, REDUCE, EMPTY_TUPLE, EMPTY_LIST, NONE } = opcode;
const ordered = globalOf('collections', 'OrderedDict');

describe('a tensor is refused', () => {
  const large = storage({ elements: 2 ** 52 });
  test.each<[string, Uint8Array | number[], string, RegExp]>([
    [
      'beyond its storage',
      tensor({ offset: 1 }),
      'offsets',
      /from element 1 on ends at byte 20 of storage "0", which has 16/,
    ],
    ['of more elements', tensor({ shape: [5] }), 'offsets', /ends at byte 20/],
    ['of longer strides', tensor({ shape: [2, 2], strides: [3, 1] }), 'offsets', /ends at byte 20/],
    [
      'far beyond it',
      tensor({ shape: [2], strides: [2 ** 52] }),
      'offsets',
      /of storage "0", which has 16/,
    ],
    [
      'of a huge offset',
      tensor({ offset: 2 ** 53 - 1 }),
      'offsets',
      /of storage "0", which has 16/,
    ],
    ['of a negative offset', tensor({ offset: -1 }), 'shape', /offset -1, expected whole numbers/],
    ['of a negative length', tensor({ shape: [-1] }), 'shape', /shape \[-1\]/],
    ['of a negative stride', tensor({ strides: [-1] }), 'shape', /strides \[-1\]/],
    ['of too many strides', tensor({ strides: [1, 1] }), 'shape', /1 axes and 2 strides/],
    [
      'of too many axes',
      tensor({ shape: Array(65).fill(1), strides: Array(65).fill(1) }),
      'shape',
      /at most 64 numbers/,
    ],
    [
      'too large to count',
      tensor({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }),
      'shape',
      /more than 2\^53 bytes/,
    ],
    [
      'that repeats a few bytes beyond the file',
      tensor({ shape: [2 ** 40], strides: [0] }),
      'size',
      /repeats few elements to 4398046511104 bytes/,
    ],
    [
      'in a storage too large to count',
      tensor({ storage: large }),
      'shape',
      /more than 2\^53 bytes/,
    ],
    [
      'in a storage of a negative size',
      tensor({ storage: storage({ elements: -1 }) }),
      'pickle',
      /refers to a storage by string, an object/,
    ],
    ['in no storage', tensor({ storage: [NONE] }), 'pickle', /made of None, expected a storage/],
    [
      'in an untyped storage',
      tensor({ storage: storage({ type: 'UntypedStorage' }) }),
      'dtype',
      /"0" has no known dtype/,
    ],
    [
      'in two kinds of storage',
      [...tensor(), opcode.POP, ...tensor({ storage: storage({ type: 'IntStorage' }) })],
      'size',
      /of torch\.IntStorage here and 16 of torch\.FloatStorage/,
    ],
    [
      'in storages of two sizes',
      [...tensor(), opcode.POP, ...tensor({ storage: storage({ elements: 5 }) })],
      'size',
      /20 bytes of torch\.FloatStorage here and 16/,
    ],
    [
      'by an id that is no tuple',
      [...text('0'), opcode.BINPERSID],
      'pickle',
      /by string, expected the word/,
    ],
    ['by an empty id', [EMPTY_TUPLE, opcode.BINPERSID], 'pickle', /by a tuple, expected the word/],
    [
      'of complex numbers',
      tensor({ storage: storage({ type: 'ComplexFloatStorage' }) }),
      'forbidden-global',
      /torch\.ComplexFloatStorage/,
    ],
  ])('%s', async (_, value, code, message) => {
    await expectPickleRefusal(program(dictionary({ w: [...value] })), code, message);
  });
});

test('a tensor in an untyped storage with a dtype is read', async () => {
  const bytes = program(
    dictionary({
      w: [
        ...globalOf('torch._utils', '_rebuild_tensor_v3'),
        ...tuple(
          storage({ module: 'torch.storage', type: 'UntypedStorage', elements: 16 }),
          int(1),
          tuple(int(3)),
          tuple(int(1)),
          [opcode.NEWFALSE],
          [...ordered, EMPTY_TUPLE, REDUCE],
          globalOf('torch', 'float32'),
        ),
        REDUCE,
      ],
    }),
  );
  const store = await openPyTorch(memorySource(checkpoint(bytes)));
  expect(store.tensors.get('w')).toMatchObject({ dtype: 'f32', shape: [3] });
  const values = new Float32Array(Uint8Array.from(await store.read('w')).buffer);
  expect(values).toEqual(Float32Array.of(2, 3, 4));
});

test('dictionaries as Python 2 pickled them are read', async () => {
  const name = [opcode.SHORT_BINSTRING, 1, 'w'.charCodeAt(0)];
  const pairs = [
    EMPTY_LIST,
    MARK,
    EMPTY_LIST,
    MARK,
    ...name,
    ...tensor(),
    opcode.APPENDS,
    opcode.APPENDS,
  ];
  const bytes = program([...ordered, ...pairs, opcode.TUPLE1, REDUCE]);
  expect([...(await openPyTorch(memorySource(checkpoint(bytes)))).tensors.keys()]).toEqual(['w']);
});
