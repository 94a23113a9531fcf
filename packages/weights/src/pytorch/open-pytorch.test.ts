import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { sharedPath } from '@samgpu/testing';
import { describe, expect, test } from 'vitest';

import {
  blobSource,
  type ByteSource,
  dtypeSize,
  memorySource,
  openFileSource,
  openPyTorch,
  type OpenWeights,
  type PyTorchOptions,
  toFloat32,
} from '../index.ts';
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

const folder = new URL('fixtures/', import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, folder));

async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(pathOf(name)));
}

interface ExpectedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly hex: string;
}
const expected = new Map<string, Record<string, ExpectedTensor>>(
  Object.entries(JSON.parse(await readFile(pathOf('expected.json'), 'utf8')) as object),
);

function expectedOf(name: string): [string, ExpectedTensor][] {
  return Object.entries(expected.get(name) ?? {});
}

async function expectTensors(store: OpenWeights, tensors: [string, ExpectedTensor][]) {
  expect([...store.tensors.keys()]).toEqual(tensors.map(([name]) => name));
  for (const [name, { dtype, shape, hex }] of tensors) {
    expect(store.tensors.get(name)).toMatchObject({ dtype, shape });
    expect([name, Buffer.from(await store.read(name)).toString('hex')]).toEqual([name, hex]);
  }
}

const sources: readonly (readonly [string, (name: string) => Promise<ByteSource>])[] = [
  ['memory', async (name) => memorySource(await bytesOf(name))],
  ['a blob', async (name) => blobSource(new Blob([await bytesOf(name)]))],
  ['a file', (name) => openFileSource(pathOf(name))],
];

const readable = [...expected.keys()].filter((name) => !/^(two-models|module)/.test(name));

describe.each(sources)('openPyTorch on %s', (_, openSource) => {
  test.each(readable)('%s has the tensors that PyTorch saved', async (name) => {
    const store = await openPyTorch(await openSource(name));
    expect(expectedOf(name).length).toBeGreaterThan(0);
    await expectTensors(store, expectedOf(name));
    await store.close();
  });

  test.each(['views.pt', 'views.legacy.pt'])('%s streams in whole elements', async (name) => {
    const store = await openPyTorch(await openSource(name));
    for (const [path, { hex, dtype }] of expectedOf(name)) {
      for (const chunkSize of [1, 9, 1000]) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of store.readChunks(path, { chunkSize })) {
          chunks.push(chunk);
        }
        expect(Buffer.concat(chunks).toString('hex')).toBe(hex);
        expect(() => chunks.map((chunk) => toFloat32(chunk, dtype as 'f32'))).not.toThrow();
      }
    }
    await store.close();
  });
});

test('the dtypes are those of PyTorch, all of them', () => {
  const dtypes = expectedOf('dtypes.pt').map(([, { dtype }]) => dtype);
  expect(dtypes.sort()).toEqual(
    ['bf16', 'bool', 'f16', 'f32', 'f64', 'i16', 'i32', 'i64', 'i8', 'u8'].sort(),
  );
});

async function openNamed(name: string, options?: PyTorchOptions): Promise<OpenWeights> {
  return openPyTorch(memorySource(await bytesOf(name)), options);
}

const stateDict = expectedOf('state-dict.pt');

test('tensors that were saved on a GPU are read like others', async () => {
  const id = tuple(
    text('storage'),
    globalOf('torch', 'FloatStorage'),
    text('0'),
    text('cuda:0'),
    int(4),
  );
  const saved = tensor({ storage: [...id, opcode.BINPERSID] });
  const weights = await openPyTorch(memorySource(checkpoint(program(dictionary({ a: saved })))));
  expect(await weights.read('a')).toEqual(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
});

describe('the state dict', () => {
  test('is found under a usual key, with what lies beside it as metadata', async () => {
    const store = await openNamed('training.pt');
    expect(Object.fromEntries(store.metadata)).toEqual({
      epoch: '12',
      best: '0.5',
      name: 'tiny',
      large: String(2n ** 70n),
      negative: String(-(2 ** 40)),
    });
  });

  test.each([{ key: 'model' }, { key: ['model'] }])('is taken by %o', async (options) => {
    await expectTensors(await openNamed('training.legacy.pt', options), stateDict);
  });

  test('must be chosen where there are two', async () => {
    await expect(openNamed('two-models.pt')).rejects.toMatchObject({
      code: 'state-dict',
      message: expect.stringMatching(/tensors under "model" and "ema"\. .*key: "model"/),
    });
    expect([...(await openNamed('two-models.pt', { key: 'ema' })).tensors.keys()]).toEqual(['w']);
  });

  test('can lie deeper', async () => {
    const pickle = program(dictionary({ a: dictionary({ b: dictionary({ w: tensor() }) }) }));
    const source = memorySource(checkpoint(pickle));
    const store = await openPyTorch(source, { key: ['a', 'b'] });
    expect(toFloat32(await store.read('w'), 'f32')).toEqual(Float32Array.of(1, 2, 3, 4));
    await expect(openPyTorch(source)).rejects.toMatchObject({
      code: 'state-dict',
      message: expect.stringContaining('a dictionary with 1 members ("a")'),
    });
    await expect(openPyTorch(source, { key: ['a', 'c'] })).rejects.toMatchObject({
      code: 'state-dict',
      message: expect.stringContaining('there is no "c" in "a", which is a dictionary'),
    });
    await expect(openPyTorch(source, { key: ['a', '__proto__'] })).rejects.toMatchObject({
      code: 'state-dict',
    });
  });

  test('is the root where tensors lie beside other values, which are left out', async () => {
    const pickle = program(dictionary({ w: tensor(), note: text('hello'), more: dictionary({}) }));
    const store = await openPyTorch(memorySource(checkpoint(pickle)));
    expect([...store.tensors.keys()]).toEqual(['w']);
    expect([...store.metadata]).toEqual([['note', 'hello']]);
  });

  test.each([
    ['a tensor', tensor()],
    ['None', [0x4e]],
    ['a list', [0x5d]],
    ['a dictionary with 0 members', dictionary({})],
  ])('is missed in a checkpoint of %s', async (kind, value) => {
    await expect(openPyTorch(memorySource(checkpoint(program(value))))).rejects.toMatchObject({
      code: 'state-dict',
      message: expect.stringContaining(`the checkpoint is ${kind}, expected`),
    });
  });
});

describe.each(['module.pt', 'module.legacy.pt'])('the whole module in %s', (name) => {
  test('is refused, naming the class', async () => {
    await expect(openNamed(name)).rejects.toMatchObject({
      code: 'forbidden-global',
      message: expect.stringMatching(
        /names the global "torch\.nn\.modules\.container\.Sequential".*allowOpaqueObjects/,
      ),
    });
  });

  test('gives what its state_dict() gives, when inert objects are allowed', async () => {
    const store = await openNamed(name, { allowOpaqueObjects: true });
    const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
      a[0] < b[0] ? -1 : 1;
    const tensors = new Map([...store.tensors].sort(byName));
    expect([...tensors.keys()]).toEqual(
      expectedOf(name)
        .sort(byName)
        .map(([path]) => path),
    );
    for (const [path, { hex }] of expectedOf(name)) {
      expect(Buffer.from(await store.read(path)).toString('hex')).toBe(hex);
    }
    expect(store.metadata.get('epoch')).toBe('3');
  });
});

describe('what is read', () => {
  test('is the directory and the pickle when opened, and then the bytes of a tensor', async () => {
    const weights = new Uint8Array(400_000);
    const pickle = program(
      dictionary({
        w: tensor({ storage: storage({ elements: 100_000 }), shape: [10], offset: 500 }),
      }),
    );
    const bytes = checkpoint(pickle, { 'data/0': weights });
    let read = 0;
    const store = await openPyTorch({
      size: bytes.length,
      identity: 'counted',
      async read(offset, length) {
        read += length;
        return bytes.subarray(offset, offset + length);
      },
    });
    // The end of the file may have a comment of 64 KiB.
    expect(read).toBeLessThan(66_000 + 2 * pickle.length + 1000);
    read = 0;
    await store.read('w');
    expect(read).toBe(40);
  });

  test('is a view in memory', async () => {
    const bytes = await bytesOf('state-dict.pt');
    const store = await openPyTorch(memorySource(bytes));
    expect((await store.read('0.weight')).buffer).toBe(bytes.buffer);
  });

  test('stops when it is aborted', async () => {
    const source = memorySource(await bytesOf('views.pt'));
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(openPyTorch(source, { signal })).rejects.toThrow('enough');
    const store = await openPyTorch(source);
    for (const path of ['base', 'transposed', 'empty']) {
      await expect(store.read(path, signal)).rejects.toThrow('enough');
    }
  });
});

describe('the fingerprint', () => {
  test('is the hash of content in memory, and tells choices apart', async () => {
    const sha256 = createHash('sha256')
      .update(await bytesOf('two-models.pt'))
      .digest('hex');
    const fingerprints = await Promise.all(
      ['model', 'ema'].map(async (key) => (await openNamed('two-models.pt', { key })).fingerprint),
    );
    expect(fingerprints).toEqual([`sha256:${sha256}:["model"]`, `sha256:${sha256}:["ema"]`]);
  });

  test('needs no pass over a file', async () => {
    const open = async (name: string): Promise<string> => {
      const store = await openPyTorch(await openFileSource(pathOf(name)));
      await store.close();
      return store.fingerprint;
    };
    expect(await open('views.pt')).toMatch(/^pytorch:/);
    expect(await open('views.pt')).toBe(await open('views.pt'));
    expect(await open('views.pt')).not.toBe(await open('dtypes.pt'));
    expect(await open('views.legacy.pt')).toMatch(/^pytorch:/);
  });

  test('is the caller’s own if there is one', async () => {
    expect((await openNamed('views.pt', { fingerprint: 'mine' })).fingerprint).toBe('mine');
  });
});

describe('a hash', () => {
  test.each(['sha256', 'md5'] as const)(
    'of %s is checked before anything is parsed',
    async (algorithm) => {
      const bytes = await bytesOf('state-dict.pt');
      const hex = createHash(algorithm).update(bytes).digest('hex');
      const store = await openPyTorch(memorySource(bytes), { digest: { algorithm, hex } });
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect(store.fingerprint).toBe(`sha256:${sha256}`);
      const short = memorySource(bytes.subarray(0, -1));
      await expect(openPyTorch(short, { digest: { algorithm, hex } })).rejects.toMatchObject({
        code: 'checksum-mismatch',
        message: expect.stringContaining('it was cut short'),
      });
    },
  );
});

const checkpointPath = sharedPath('nano', 'resume', 'last.pt') ?? '';

test.skipIf(checkpointPath === '')('a training checkpoint (needs ../shared)', async () => {
  const store = await openPyTorch(await openFileSource(checkpointPath));
  expect(store.tensors.size).toBe(278);
  expect(store.metadata.get('step')).toBe('7775');
  for (const [name, { shape, dtype }] of store.tensors) {
    const elements = shape.reduce((product, length) => product * length, 1);
    expect((await store.read(name)).length).toBe(elements * dtypeSize(dtype));
  }
  await store.close();
});

const python = process.env['SAMGPU_PYTHON'] ?? '/usr/bin/python3';
const skip = spawnSync(python, ['-c', 'import torch']).status !== 0;
const note = skip ? ` (skipped: ${python} does not have it)` : '';

const saveRandomTensors = `
import hashlib, io, json, sys, torch
torch.manual_seed(7)
answers = []
for legacy in (False, True) * 3:
    tensors = {}
    for i in range(12):
        dtype = [torch.float32, torch.float16, torch.float64, torch.int64, torch.uint8, torch.bool][i % 6]
        shape = torch.randint(0 if i == 11 else 1, 5, (int(torch.randint(0, 5, ())),)).tolist()
        whole = (torch.randn(shape) * 100).to(dtype)
        for axis, length in enumerate(shape):
            if length > 1 and torch.rand(()) < 0.5:
                whole = whole.narrow(axis, 1, length - 1)
        tensors[str(i)] = whole.permute(torch.randperm(whole.dim()).tolist())
    file = io.BytesIO()
    torch.save({"state_dict": tensors}, file, _use_new_zipfile_serialization=not legacy)
    answers.append({
        "file": file.getvalue().hex(),
        "tensors": {name: t.contiguous().numpy().tobytes().hex() for name, t in tensors.items()},
    })
json.dump(answers, sys.stdout)
`;

describe.skipIf(skip)(`random tensors saved by PyTorch${note}`, () => {
  test('are read alike', async () => {
    const { stdout } = spawnSync(python, ['-c', saveRandomTensors], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const answers = JSON.parse(stdout) as { file: string; tensors: Record<string, string> }[];
    expect(answers.length).toBe(6);
    for (const { file, tensors } of answers) {
      const store = await openPyTorch(memorySource(Uint8Array.from(Buffer.from(file, 'hex'))));
      for (const [name, hex] of Object.entries(tensors)) {
        const bytes = await store.read(name);
        expect([name, Buffer.from(bytes).toString('hex')]).toEqual([name, hex]);
      }
    }
  });
});
