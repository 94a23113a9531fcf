import { describe, expect, test } from 'vitest';

import { memorySource, openPyTorch } from '../index.ts';
import { expectPickleRefusal } from './fixtures/expect-refusal.ts';
import {
  checkpoint,
  dictionary,
  globalOf,
  int,
  lines,
  pickle,
  program,
  tensor,
  text,
  tuple,
} from './fixtures/build-pickle.ts';
import { little } from './fixtures/build-zip.ts';
import { opcode } from './pickle-opcodes.ts';

const { MARK, STOP, REDUCE, EMPTY_TUPLE, EMPTY_LIST, EMPTY_DICT, NONE, BUILD } = opcode;
const ordered = globalOf('collections', 'OrderedDict');

describe('a pickle is refused', () => {
  test.each<[string, Uint8Array, string, RegExp]>([
    [
      'that calls a constant',
      program(globalOf('torch', 'float32'), [EMPTY_TUPLE, REDUCE]),
      'pickle',
      /calls torch\.float32, expected a class/,
    ],
    [
      'that calls a storage class',
      program(globalOf('torch', 'FloatStorage'), [EMPTY_TUPLE, REDUCE]),
      'pickle',
      /calls an object, expected a class/,
    ],
    [
      'that calls a result',
      program(ordered, [EMPTY_TUPLE, REDUCE, EMPTY_TUPLE, REDUCE]),
      'pickle',
      /calls a dictionary/,
    ],
    [
      'that calls with no tuple',
      program(ordered, [EMPTY_LIST, REDUCE]),
      'pickle',
      /from a list, expected a tuple of arguments \(REDUCE at byte 28 of /,
    ],
    [
      'that calls by name',
      program(ordered, [EMPTY_TUPLE], dictionary({ a: [NONE] }), [opcode.NEWOBJ_EX]),
      'pickle',
      /from named arguments/,
    ],
    [
      'that rebuilds by another function',
      program(
        globalOf('torch._tensor', '_rebuild_from_type_v2'),
        tuple(ordered, globalOf('torch', 'Tensor'), [EMPTY_TUPLE], [NONE]),
        [REDUCE],
      ),
      'pickle',
      /by collections\.OrderedDict, expected a plain tensor/,
    ],
    [
      'that makes a parameter of a text',
      program(globalOf('torch._utils', '_rebuild_parameter'), tuple(text('x')), [REDUCE]),
      'pickle',
      /parameter of string/,
    ],
    [
      'that encodes otherwise',
      program(globalOf('_codecs', 'encode'), tuple(text('x'), text('rot13')), [REDUCE]),
      'pickle',
      /expected characters up to 255/,
    ],
    [
      'that encodes what is not Latin-1',
      program(globalOf('_codecs', 'encode'), tuple(text('ā'), text('latin1')), [REDUCE]),
      'pickle',
      /expected characters up to 255/,
    ],
    [
      'with a size that is no tuple',
      program(globalOf('torch', 'Size'), tuple([EMPTY_LIST]), [REDUCE]),
      'pickle',
      /torch\.Size from a list/,
    ],
    ['with a state for a list', program([EMPTY_LIST, NONE, BUILD]), 'pickle', /state of a list/],
    ['with a state for a number', program(int(1), [NONE, BUILD]), 'pickle', /state of number/],
    [
      'with a key twice',
      program([EMPTY_DICT, MARK, ...text('a'), NONE, ...text('a'), NONE, opcode.SETITEMS]),
      'duplicate-name',
      /key "a" twice/,
    ],
    [
      'with a list as a key',
      program([EMPTY_DICT, EMPTY_LIST, NONE, opcode.SETITEM]),
      'pickle',
      /a list as a key/,
    ],
    [
      'with a key without a value',
      program([EMPTY_DICT, MARK, NONE, opcode.SETITEMS]),
      'pickle',
      /a key without a value/,
    ],
    [
      'that appends to a tuple',
      program([EMPTY_TUPLE, NONE, opcode.APPEND]),
      'pickle',
      /appends to a tuple/,
    ],
    [
      'that sets a key in a list',
      program([EMPTY_LIST, NONE, NONE, opcode.SETITEM]),
      'pickle',
      /sets keys in a list/,
    ],
    ['that takes from nothing', pickle('POP', 'STOP'), 'pickle', /empty stack \(POP at byte 0 of /],
    [
      'that takes what lies below a mark',
      pickle('NONE', 'MARK', 'TUPLE1', 'STOP'),
      'pickle',
      /empty stack \(TUPLE1 at byte 2 of /,
    ],
    [
      'that goes back to no mark',
      pickle('NONE', 'TUPLE', 'STOP'),
      'pickle',
      /mark that was never set/,
    ],
    ['that ends with nothing', pickle('STOP'), 'pickle', /empty stack/],
    ['that ends with two values', pickle('NONE', 'NONE', 'STOP'), 'pickle', /more than one value/],
    [
      'that ends within a mark',
      pickle('NONE', 'MARK', 'NONE', 'STOP'),
      'pickle',
      /more than one value/,
    ],
    [
      'that recalls nothing',
      pickle('BINGET', [7], 'STOP'),
      'pickle',
      /value 7, which it never remembered/,
    ],
    [
      'that recalls nothing far away',
      pickle('LONG_BINGET', little(2 ** 32 - 1, 4), 'STOP'),
      'pickle',
      /value 4294967295, which/,
    ],
    [
      'that names a global by numbers',
      program(int(1), int(2), [opcode.STACK_GLOBAL]),
      'pickle',
      /by number and number, expected two strings/,
    ],
    [
      'by a number in the registry',
      pickle('EXT1', [1], 'STOP'),
      'pickle',
      /operation EXT1, which no checkpoint/,
    ],
    ['by a longer number', pickle('EXT4', little(1, 4), 'STOP'), 'pickle', /operation EXT4/],
    [
      'with INST of a known class',
      pickle('MARK', 'INST', lines('collections', 'OrderedDict'), 'STOP'),
      'pickle',
      /operation INST/,
    ],
    [
      'with OBJ of a known class',
      pickle('MARK', ordered, 'OBJ', 'STOP'),
      'pickle',
      /operation OBJ/,
    ],
    [
      'with a persistent id in text',
      pickle('PERSID', lines('0'), 'STOP'),
      'pickle',
      /operation PERSID/,
    ],
    ['with an unknown operation', pickle([0xff], 'STOP'), 'pickle', /operation 0xff/],
    [
      'of protocol 5',
      pickle('PROTO', [5], 'NONE', 'STOP'),
      'pickle',
      /protocol 5, expected at most 4/,
    ],
    [
      'with an odd number',
      pickle('INT', lines('1e9'), 'STOP'),
      'pickle',
      /has "1e9", expected an integer/,
    ],
    [
      'with an endless number',
      pickle('LONG', lines('9'.repeat(500)), 'STOP'),
      'pickle',
      /expected an integer/,
    ],
    [
      'with a long number',
      pickle('LONG1', [255], new Uint8Array(255), 'STOP'),
      'pickle',
      /integer of 255 bytes, expected at most 64/,
    ],
    [
      'with a huge number',
      pickle('LONG4', little(2 ** 32 - 1, 4), 'STOP'),
      'pickle',
      /integer of 4294967295 bytes/,
    ],
    [
      'with a long name',
      program(globalOf('a'.repeat(2000), 'b')),
      'pickle',
      /line of more than 1024 bytes/,
    ],
    [
      'with a huge text',
      pickle('BINUNICODE', little(2 ** 32 - 1, 4), 'STOP'),
      'pickle',
      /string of 4294967295 bytes, expected at most 16777216/,
    ],
    [
      'with a text beyond all',
      pickle('BINUNICODE8', new Uint8Array(8).fill(255), 'STOP'),
      'pickle',
      /string of 18446744073709552000 bytes/,
    ],
    [
      'with bytes beyond all',
      pickle('BINBYTES8', new Uint8Array(8).fill(255), 'STOP'),
      'pickle',
      /string of 18446744073709552000 bytes/,
    ],
    [
      'with a text that is not UTF-8',
      pickle('SHORT_BINUNICODE', [1, 0xff], 'STOP'),
      'pickle',
      /not valid UTF-8/,
    ],
    [
      'that nests too deep',
      pickle(new Uint8Array(1001).fill(MARK), 'STOP'),
      'pickle',
      /nests more than 1000 levels/,
    ],
    [
      'that piles up too much',
      pickle(new Uint8Array(2 ** 20 + 1).fill(NONE), 'STOP'),
      'pickle',
      /more than 1048576 values/,
    ],
  ])('%s', async (_, bytes, code, message) => {
    await expectPickleRefusal(bytes, code, message);
  });

  test('that ends too early, wherever it is cut', async () => {
    const whole = program(dictionary({ w: tensor() }));
    for (let length = 0; length < whole.length; length++) {
      await expect(
        openPyTorch(memorySource(checkpoint(whole.subarray(0, length)))),
      ).rejects.toMatchObject({
        code: 'truncated',
        message: expect.stringMatching(
          /ends too early: .* expected, \d+ are left \(.*byte \d+ of data\.pkl\)$/,
        ),
      });
    }
  });

  test('with anything after it', async () => {
    const bytes = Uint8Array.of(...program(dictionary({ w: tensor() })), STOP);
    await expect(openPyTorch(memorySource(checkpoint(bytes)))).rejects.toMatchObject({
      code: 'trailing-bytes',
      message: expect.stringContaining('goes on for 1 bytes after its pickle'),
    });
  });

  test('that copies a long list again and again', async () => {
    const many = 10_000;
    const again = [
      ...globalOf('builtins', 'set'),
      opcode.BINGET,
      0,
      opcode.TUPLE1,
      REDUCE,
      opcode.POP,
    ];
    const bytes = pickle(
      'EMPTY_LIST',
      [opcode.BINPUT, 0, MARK],
      Array.from({ length: many }, () => NONE),
      [opcode.APPENDS],
      Array.from({ length: 1000 }, () => again).flat(),
      'STOP',
    );
    await expectPickleRefusal(bytes, 'pickle', /copies more elements than it has bytes/);
  });

  test('whose list holds itself, without following it', async () => {
    const bytes = pickle('EMPTY_LIST', 'BINPUT', [0, opcode.BINGET, 0], 'APPEND', 'STOP');
    await expect(openPyTorch(memorySource(checkpoint(bytes)))).rejects.toMatchObject({
      code: 'state-dict',
      message: expect.stringContaining('the checkpoint is a list'),
    });
  });
});
