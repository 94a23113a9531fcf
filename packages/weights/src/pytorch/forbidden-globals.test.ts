import { readFile } from 'node:fs/promises';

import { describe, test } from 'vitest';

import { expectPickleRefusal } from './fixtures/expect-refusal.ts';
import {
  dictionary,
  globalOf,
  lines,
  pickle,
  program,
  stackGlobal,
  storage,
  tensor,
  text,
  tuple,
} from './fixtures/build-pickle.ts';
import { opcode } from './pickle-opcodes.ts';

const { REDUCE, EMPTY_DICT, NONE } = opcode;

interface Malicious {
  readonly call: string;
  readonly protocol: number;
  readonly globals: readonly string[];
  readonly hex: string;
}
const malicious = JSON.parse(
  await readFile(new URL('fixtures/malicious.json', import.meta.url), 'utf8'),
) as Malicious[];

describe('a pickle that Python wrote to call something is refused, naming it', () => {
  test.each(malicious)('$call in protocol $protocol', async ({ globals, hex }) => {
    const names = globals
      .filter((name) => name !== '_codecs.encode')
      .map((name) => name.replaceAll('.', '\\.'));
    const message = new RegExp(`^the pickle names the global "(${names.join('|')})", which is not`);
    await expectPickleRefusal(
      Uint8Array.from(Buffer.from(hex, 'hex')),
      'forbidden-global',
      message,
    );
  });
});

const call = tuple(text('echo pwned'));

describe('a pickle by hand that names something is refused, naming it', () => {
  test.each<[string, Uint8Array, string]>([
    ['GLOBAL alone', program(globalOf('os', 'system'), [NONE]), 'os.system'],
    ['Windows', program(globalOf('nt', 'system'), call, [REDUCE]), 'nt.system'],
    ['STACK_GLOBAL', program(stackGlobal('posix', 'system'), call, [REDUCE]), 'posix.system'],
    [
      'a path in a known module',
      program(stackGlobal('torch', 'storage._load_from_bytes')),
      'torch.storage._load_from_bytes',
    ],
    [
      'a path in a known class',
      program(stackGlobal('collections', 'OrderedDict.fromkeys')),
      'collections.OrderedDict.fromkeys',
    ],
    ['an unknown name in a known module', program(globalOf('torch', 'load')), 'torch.load'],
    ['a module that looks known', program(globalOf('torch ', 'Size')), 'torch .Size'],
    ['a known module in capitals', program(globalOf('Torch', 'Size')), 'Torch.Size'],
    ['names with line feeds', program(stackGlobal('torch\nSize', '')), 'torch\\nSize.'],
    [
      'a name of JavaScript',
      program(globalOf('collections', 'constructor')),
      'collections.constructor',
    ],
    ['a prototype', program(globalOf('__proto__', 'constructor')), '__proto__.constructor'],
    ['a prototype as a name', program(stackGlobal('torch', '__proto__')), 'torch.__proto__'],
    ['nothing', program(stackGlobal('', '')), '.'],
    ['INST', pickle('MARK', text('x'), 'INST', lines('os', 'system'), 'STOP'), 'os.system'],
    ['OBJ', pickle('MARK', globalOf('os', 'system'), text('x'), 'OBJ', 'STOP'), 'os.system'],
    ['NEWOBJ', program(globalOf('subprocess', 'Popen'), call, [opcode.NEWOBJ]), 'subprocess.Popen'],
    [
      'NEWOBJ_EX',
      program(globalOf('subprocess', 'Popen'), call, [EMPTY_DICT, opcode.NEWOBJ_EX]),
      'subprocess.Popen',
    ],
    [
      'a chain of getattr',
      program(
        stackGlobal('builtins', 'getattr'),
        tuple(globalOf('torch', 'Tensor'), text('__class__')),
        [REDUCE],
      ),
      'builtins.getattr',
    ],
    ['copyreg', program(globalOf('copyreg', '_reconstructor')), 'copyreg._reconstructor'],
    [
      'a storage class',
      program(dictionary({ w: tensor({ storage: storage({ module: 'os', type: 'system' }) }) })),
      'os.system',
    ],
    [
      'a tensor with a type of its own',
      program(
        globalOf('torch._tensor', '_rebuild_from_type_v2'),
        tuple(globalOf('os', 'system'), globalOf('torch', 'Tensor'), call, [NONE]),
        [REDUCE],
      ),
      'os.system',
    ],
  ])('%s', async (_, bytes, name) => {
    const quoted = name.replaceAll('\\n', '\\\\n').replaceAll('.', '\\.');
    await expectPickleRefusal(
      bytes,
      'forbidden-global',
      new RegExp(`global "${quoted}", which is not`),
    );
  });
});
