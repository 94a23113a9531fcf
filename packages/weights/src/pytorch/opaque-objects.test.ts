import { describe, expect, test } from 'vitest';

import { memorySource, openPyTorch } from '../index.ts';
import {
  checkpoint,
  dictionary,
  globalOf,
  program,
  stackGlobal,
  tensor,
  text,
  tuple,
} from './fixtures/build-pickle.ts';
import { opcode } from './pickle-opcodes.ts';

const { REDUCE, EMPTY_TUPLE, NONE, BUILD } = opcode;

describe('with inert objects allowed', () => {
  const open = (bytes: Uint8Array): ReturnType<typeof openPyTorch> =>
    openPyTorch(memorySource(checkpoint(bytes)), { allowOpaqueObjects: true });

  test('what a pickle would call is a record and nothing more', async () => {
    const bytes = program(
      dictionary({
        model: dictionary({ w: tensor() }),
        call: [...globalOf('posix', 'system'), ...tuple(text('exit 1')), REDUCE],
        made: [...stackGlobal('subprocess', 'Popen'), ...tuple(text('x')), opcode.NEWOBJ],
        kept: [...globalOf('a', 'B'), EMPTY_TUPLE, REDUCE, ...dictionary({ c: [NONE] }), BUILD],
        items: [...globalOf('a', 'List'), EMPTY_TUPLE, REDUCE, NONE, opcode.APPEND],
      }),
    );
    const store = await open(bytes);
    expect([...store.tensors.keys()]).toEqual(['w']);
    expect([...store.metadata]).toEqual([]);
  });

  test('the result of an unknown call cannot be called', async () => {
    const attribute = [...globalOf('builtins', 'getattr'), EMPTY_TUPLE, REDUCE];
    await expect(open(program(attribute, [EMPTY_TUPLE, REDUCE]))).rejects.toMatchObject({
      code: 'pickle',
      message: expect.stringContaining('calls an object of builtins.getattr, expected a class'),
    });
  });

  test('the state of an object can be reached by its names', async () => {
    const object = [
      ...globalOf('a', 'B'),
      EMPTY_TUPLE,
      REDUCE,
      ...dictionary({ c: dictionary({ w: tensor() }) }),
      BUILD,
    ];
    const store = await openPyTorch(memorySource(checkpoint(program(dictionary({ o: object })))), {
      allowOpaqueObjects: true,
      key: ['o', 'c'],
    });
    expect([...store.tensors.keys()]).toEqual(['w']);
  });

  test.each([
    ['itself', [opcode.BINGET, 0], /nests more than 100 levels/],
    [
      'no module',
      [NONE],
      /a dictionary with 1 members \("model"\), expected a dictionary with tensors/,
    ],
  ])('a module that holds %s is refused', async (_, child, message) => {
    const state = dictionary({
      _parameters: dictionary({}),
      _modules: dictionary({ a: child }),
    });
    const module = [...globalOf('a', 'B'), EMPTY_TUPLE, REDUCE, opcode.BINPUT, 0, ...state, BUILD];
    await expect(open(program(dictionary({ model: module })))).rejects.toMatchObject({
      code: 'state-dict',
      message: expect.stringMatching(message),
    });
  });

  test('modules that each hold the next one twice are not walked for ever', async () => {
    let module: number[] = [NONE];
    for (let level = 0; level < 40; level++) {
      const twice = [...module, opcode.BINPUT, 1, opcode.POP];
      const state = dictionary({
        _parameters: dictionary({}),
        _modules: dictionary({ a: [opcode.BINGET, 1], b: [opcode.BINGET, 1] }),
      });
      module = [...twice, ...globalOf('a', 'B'), EMPTY_TUPLE, REDUCE, ...state, BUILD];
    }
    await expect(open(program(dictionary({ model: module })))).rejects.toMatchObject({
      code: 'state-dict',
      message: expect.stringContaining('more than 100000 parts'),
    });
  });
});
