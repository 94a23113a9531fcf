import { describe, expect, test } from 'vitest';

import { memorySource, openSafetensors, type WeightsErrorCode } from './index.ts';

const utf8 = new TextEncoder();

/** A file with this text as header, however wrong, and this many bytes of data. */
function fileOf(header: string | Uint8Array, dataLength = 0, length?: bigint): Uint8Array {
  const json = typeof header === 'string' ? utf8.encode(header) : header;
  const file = new Uint8Array(8 + json.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

const f32 = '"dtype":"F32","shape":[2],"data_offsets":[0,8]';

interface Lie {
  readonly lie: string;
  readonly file: Uint8Array;
  readonly code: WeightsErrorCode;
  readonly message: RegExp;
}

const lies: readonly Lie[] = [
  {
    lie: 'a header just beyond the limit',
    file: fileOf('{}', 0, 100_000_001n),
    code: 'header-length',
    message: /100000001 bytes, expected at most 100000000/,
  },
  {
    lie: 'a header of 2^60 bytes',
    file: fileOf('{}', 0, 2n ** 60n),
    code: 'header-length',
    message: /1152921504606846976 bytes/,
  },
  {
    lie: 'a header of 2^64 - 1 bytes',
    file: fileOf('{}', 0, 2n ** 64n - 1n),
    code: 'header-length',
    message: /18446744073709551615 bytes/,
  },
  {
    lie: 'a header at the limit in a small file',
    file: fileOf('{}', 0, 100_000_000n),
    code: 'truncated',
    message: /100000000 bytes, but only 2 bytes follow/,
  },
  { lie: 'no header', file: fileOf(''), code: 'header-json', message: /starts with nothing/ },
  {
    lie: 'space before the header',
    file: fileOf(' {}'),
    code: 'header-json',
    message: /starts with byte 0x20, expected "\{"/,
  },
  {
    lie: 'a byte order mark',
    file: fileOf('\uFEFF{}'),
    code: 'header-json',
    message: /starts with byte 0xef/,
  },
  { lie: 'an array', file: fileOf('[]'), code: 'header-json', message: /byte 0x5b/ },
  { lie: 'half a header', file: fileOf('{"a":{'), code: 'header-json', message: /is not JSON/ },
  { lie: 'two headers', file: fileOf('{}{}'), code: 'header-json', message: /is not JSON/ },
  {
    lie: 'bytes that are not UTF-8',
    file: fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)),
    code: 'header-encoding',
    message: /not valid UTF-8/,
  },
  {
    lie: 'half a surrogate pair as name',
    file: fileOf(`{"\\ud83d":{${f32}}}`, 8),
    code: 'header-json',
    message: /tensor name .* is not valid Unicode/,
  },
  {
    lie: 'a tensor twice',
    file: fileOf(`{"a":{${f32}},"b":{${f32}},"a":{${f32}}}`, 8),
    code: 'duplicate-name',
    message: /has the name "a" twice, expected once/,
  },
  {
    lie: 'a tensor twice, written differently',
    file: fileOf(`{"a":{${f32}},"\\u0061" : {${f32}}}`, 8),
    code: 'duplicate-name',
    message: /has the name "a" twice/,
  },
  {
    lie: 'a dtype twice',
    file: fileOf(`{"a":{"dtype":"F16",${f32}}}`, 8),
    code: 'duplicate-name',
    message: /has the name "dtype" twice inside "a"/,
  },
  {
    lie: '__metadata__ twice',
    file: fileOf('{"__metadata__":{},"__metadata__":{}}'),
    code: 'duplicate-name',
    message: /"__metadata__" twice/,
  },
  {
    lie: 'metadata that is text',
    file: fileOf('{"__metadata__":"pt"}'),
    code: 'metadata',
    message: /__metadata__ is "pt", expected an object/,
  },
  {
    lie: 'metadata that is null',
    file: fileOf('{"__metadata__":null}'),
    code: 'metadata',
    message: /__metadata__ is null/,
  },
  {
    lie: 'metadata with a number',
    file: fileOf('{"__metadata__":{"step":3}}'),
    code: 'metadata',
    message: /has 3 under "step", expected a string/,
  },
  {
    lie: 'half a surrogate pair in the metadata',
    file: fileOf('{"__metadata__":{"by":"\\udc0b"}}'),
    code: 'metadata',
    message: /under "by", expected a string/,
  },
  {
    lie: 'a tensor that is a list',
    file: fileOf('{"a":[]}'),
    code: 'header-json',
    message: /tensor "a" is described by \[\], expected an object/,
  },
  {
    lie: 'a tensor that is null',
    file: fileOf('{"a":null}'),
    code: 'header-json',
    message: /tensor "a" is described by null/,
  },
  {
    lie: 'an unknown dtype',
    file: fileOf('{"a":{"dtype":"F33","shape":[],"data_offsets":[0,4]}}', 4),
    code: 'dtype',
    message: /tensor "a" has dtype "F33", expected one of I64, F64, F32/,
  },
  {
    lie: 'a dtype that every object has by inheritance',
    file: fileOf('{"a":{"dtype":"constructor","shape":[],"data_offsets":[0,4]}}', 4),
    code: 'dtype',
    message: /tensor "a" has dtype "constructor"/,
  },
  {
    lie: 'no dtype',
    file: fileOf('{"a":{"shape":[],"data_offsets":[0,4]}}', 4),
    code: 'dtype',
    message: /tensor "a" has dtype undefined/,
  },
  ...['[-1]', '[1.5]', '[9007199254740992]', '[1e400]', '["2"]', '[null]', '2', 'null', '{}'].map(
    (shape): Lie => ({
      lie: `a shape of ${shape}`,
      file: fileOf(`{"a":{"dtype":"F32","shape":${shape},"data_offsets":[0,8]}}`, 8),
      code: 'shape',
      message: /tensor "a" has shape .*, expected a list of whole numbers/,
    }),
  ),
  {
    lie: 'a shape whose product is beyond all counting',
    file: fileOf('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}'),
    code: 'shape',
    message: /\[4294967296,4294967296\], which is more than 2\^53 bytes/,
  },
  {
    // The product wraps around to 0 in 64 bits.
    lie: 'a shape whose product is 0 only by overflow, then by an axis',
    file: fileOf('{"a":{"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}'),
    code: 'shape',
    message: /more than 2\^53 bytes/,
  },
  ...['[8,0]', '[0]', '[0,8,8]', '[-8,0]', '[0,8.5]', '[0,1e300]', '"0,8"', 'null', '{}'].map(
    (offsets): Lie => ({
      lie: `offsets of ${offsets}`,
      file: fileOf(`{"a":{"dtype":"F32","shape":[2],"data_offsets":${offsets}}}`, 8),
      code: 'offsets',
      message: /tensor "a" has data_offsets .*, expected \[begin, end\]/,
    }),
  ),
  {
    lie: 'more bytes than the shape needs',
    file: fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}', 9),
    code: 'size',
    message: /takes 9 bytes by data_offsets \[0, 9\], expected 8 for F32 \[2\]/,
  },
  {
    lie: 'fewer bytes than the shape needs',
    file: fileOf('{"a":{"dtype":"I64","shape":[],"data_offsets":[0,4]}}', 4),
    code: 'size',
    message: /takes 4 bytes .*, expected 8 for I64 \[\]/,
  },
  {
    lie: 'a hole before the first tensor',
    file: fileOf('{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}', 8),
    code: 'offsets',
    message: /tensor "a" starts at data offset 4, expected 0, right after the header: .* hole/,
  },
  {
    lie: 'a hole between tensors',
    file: fileOf(
      '{"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
      9,
    ),
    code: 'offsets',
    message: /tensor "b" starts at data offset 5, expected 4, right after tensor "a": .* hole/,
  },
  {
    lie: 'tensors that overlap',
    file: fileOf(
      '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}',
      7,
    ),
    code: 'offsets',
    message: /tensor "b" starts at data offset 3, expected 4, right after tensor "a": they overlap/,
  },
  {
    lie: 'two tensors in the same bytes',
    file: fileOf(
      '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
      4,
    ),
    code: 'offsets',
    message: /they overlap/,
  },
  {
    lie: 'a tensor of a petabyte in a small file',
    file: fileOf(
      '{"a":{"dtype":"U8","shape":[1125899906842624],"data_offsets":[0,1125899906842624]}}',
    ),
    code: 'truncated',
    message: /a file of 11258999068427\d\d bytes, got \d+: it was cut short/,
  },
  {
    lie: 'bytes after the last tensor',
    file: fileOf(`{"a":{${f32}}}`, 11),
    code: 'trailing-bytes',
    message: /3 bytes belong to no tensor/,
  },
  {
    lie: 'bytes without any tensor',
    file: fileOf('{}', 1),
    code: 'trailing-bytes',
    message: /1 bytes belong to no tensor/,
  },
];

describe('a header that lies', () => {
  test.each(lies)('is an error: $lie', async ({ file, code, message }) => {
    await expect(openSafetensors(memorySource(file))).rejects.toMatchObject({
      name: 'WeightsError',
      code,
      message: expect.stringMatching(message),
    });
  });

  test('has its text shortened in the message', async () => {
    const file = fileOf(`{"a":"${'x'.repeat(100_000)}"}`);
    const error = await openSafetensors(memorySource(file)).catch((reason: unknown) => reason);
    expect((error as Error).message.length).toBeLessThan(400);
  });
});

describe('an odd header that is honest', () => {
  test.each([
    { oddity: 'nothing at all', file: fileOf('{}') },
    { oddity: 'metadata alone', file: fileOf('{"__metadata__":{"":""}}') },
    { oddity: 'padding', file: fileOf(`{"a":{${f32}}}\n \t  `, 8) },
    { oddity: 'members we do not know', file: fileOf(`{"a":{${f32},"note":[{"a":1}]}}`, 8) },
    { oddity: 'the same key in different objects', file: fileOf(`{"dtype":{${f32}}}`, 8) },
    { oddity: 'text that looks like a key', file: fileOf('{"__metadata__":{"a":"a\\":"}}') },
    {
      oddity: 'a 0 axis',
      file: fileOf('{"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]}}'),
    },
    {
      oddity: 'an empty tensor at the start of another, named later',
      file: fileOf(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
        2,
      ),
    },
  ])('is read: $oddity', async ({ file }) => {
    const store = await openSafetensors(memorySource(file));
    const dataLength = file.length - 8 - new DataView(file.buffer).getUint32(0, true);
    let total = 0;
    for (const path of store.tensors.keys()) {
      total += (await store.read(path)).length;
    }
    expect(total).toBe(dataLength);
  });

  test('may call a tensor __proto__ or constructor', async () => {
    const file = fileOf(
      `{"__proto__":{${f32}},"constructor":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}`,
      9,
    );
    const store = await openSafetensors(memorySource(file));
    expect([...store.tensors.keys()]).toEqual(['__proto__', 'constructor']);
    expect((await store.read('__proto__')).byteLength).toBe(8);
    expect(Object.prototype).not.toHaveProperty('dtype');
  });

  test('may have __proto__ in its metadata', async () => {
    const store = await openSafetensors(memorySource(fileOf('{"__metadata__":{"__proto__":"x"}}')));
    expect([...store.metadata]).toEqual([['__proto__', 'x']]);
  });

  test('may be nested as deep as it is long', async () => {
    const depth = 200_000;
    const file = fileOf(`{"a":{${f32},"deep":${'['.repeat(depth)}${']'.repeat(depth)}}}`, 8);
    // Engines may limit the depth of JSON, but then it is our error and not a stack overflow.
    const outcome = await openSafetensors(memorySource(file)).catch((reason: unknown) => reason);
    expect(outcome).toEqual(
      expect.objectContaining(
        outcome instanceof Error ? { code: 'header-json' } : { metadata: new Map() },
      ),
    );
  });
});
