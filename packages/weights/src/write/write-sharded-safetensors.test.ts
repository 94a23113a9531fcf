import { createHash } from 'node:crypto';

import { seededValues } from '@samgpu/testing';
import { describe, expect, test } from 'vitest';

import { memorySource } from '../byte-source.ts';
import { readFloat32 } from '../dequantize.ts';
import { openSafetensors } from '../safetensors.ts';
import { openShardedSafetensors } from '../sharded-safetensors.ts';
import type { WeightStore } from '../weight-store.ts';
import { convertWeights } from './convert-weights.ts';
import type { CreateFile } from './file-sink.ts';
import { writeSafetensors } from './write-safetensors.ts';
import { writeShardedSafetensors } from './write-sharded-safetensors.ts';

const sizes = {
  'b.weight': [64, 64],
  'b.bias': [64],
  'a.up': [16, 64, 2, 2],
  'c.weight': [64, 64],
};

const floats = Object.entries(sizes).map(([path, shape], seed) => {
  const values = seededValues(
    shape.reduce((product, size) => product * size, 1),
    seed,
  );
  return [path, { dtype: 'f32', shape, bytes: new Uint8Array(values.buffer) }] as const;
});
const bytesOfAll = 4 * (64 * 64 * 3 + 64);

const openFloats = (): Promise<WeightStore> =>
  openSafetensors(memorySource(writeSafetensors(floats)));

/** Keeps files in memory. */
function memoryFiles(): { files: Map<string, Uint8Array>; create: CreateFile } {
  const files = new Map<string, Uint8Array>();
  const create: CreateFile = async (name) => {
    const chunks: Uint8Array[] = [];
    return {
      write: async (bytes) => void chunks.push(bytes.slice()),
      close: async () => void files.set(name, new Uint8Array(Buffer.concat(chunks))),
    };
  };
  return { files, create };
}

test('what fits into one file is one file, as the official writer makes it', async () => {
  const { files, create } = memoryFiles();
  const written = await writeShardedSafetensors(await openFloats(), create);
  const bytes = files.get('model.safetensors')!;
  expect(Buffer.from(bytes)).toEqual(Buffer.from(writeSafetensors(floats, [['format', 'pt']])));
  expect(written).toEqual([
    {
      name: 'model.safetensors',
      bytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  ]);
});

describe('several files', () => {
  test('with an index as Hugging Face writes it', async () => {
    const { files, create } = memoryFiles();
    const written = await writeShardedSafetensors(await openFloats(), create, {
      shardBytes: 4 * 64 * 65,
    });
    const names = [1, 2, 3].map((index) => `model-0000${index}-of-00003.safetensors`);
    expect(written.map(({ name }) => name)).toEqual([...names, 'model.safetensors.index.json']);
    // Tensors stay in the order of the store, by the widest dtype and the name.
    expect(new TextDecoder().decode(files.get('model.safetensors.index.json'))).toBe(
      `{
  "metadata": {
    "total_size": ${bytesOfAll}
  },
  "weight_map": {
    "a.up": "${names[0]}",
    "b.bias": "${names[0]}",
    "b.weight": "${names[1]}",
    "c.weight": "${names[2]}"
  }
}
`,
    );
    const index = new TextDecoder().decode(files.get('model.safetensors.index.json'));
    const store = await openShardedSafetensors(index, async (name) =>
      memorySource(files.get(name)!),
    );
    for (const [path, { bytes }] of floats) {
      expect(Buffer.from(await store.read(path))).toEqual(Buffer.from(bytes));
    }
  });

  test('quantised tensors keep their scales and axes', async () => {
    const channelAxes = new Map([
      ['a.up', 1],
      ['b.weight', 0],
    ]);
    const quantized = await convertWeights(await openFloats(), { dtype: 'int8', channelAxes });
    const { files, create } = memoryFiles();
    await writeShardedSafetensors(quantized, create, { shardBytes: 5000 });
    const shards = [...files].filter(([name]) => name.endsWith('.safetensors'));
    // Each file tells by itself.
    const axes = new Map<string, number>();
    for (const [, bytes] of shards) {
      const { tensors } = await openSafetensors(memorySource(bytes));
      tensors.forEach(({ scales }, path) => scales && axes.set(path, scales.axis));
    }
    expect(shards.length).toBeGreaterThan(2);
    expect(axes).toEqual(channelAxes);
    const index = new TextDecoder().decode(files.get('model.safetensors.index.json'));
    const store = await openShardedSafetensors(index, async (name) =>
      memorySource(files.get(name)!),
    );
    expect(await readFloat32(store, 'a.up')).toEqual(await readFloat32(quantized, 'a.up'));
  });

  test('a tensor that is larger than a file has one of its own', async () => {
    const { files, create } = memoryFiles();
    await writeShardedSafetensors(await openFloats(), create, { shardBytes: 1 });
    expect(files.size).toBe(5);
  });
});

test('one tensor is read at a time, and each once', async () => {
  const store = await openFloats();
  const events: string[] = [];
  const watched: WeightStore = {
    tensors: store.tensors,
    fingerprint: 'watched',
    read: (path) => {
      events.push(`read ${path}`);
      return store.read(path);
    },
  };
  const create: CreateFile = async () => ({
    write: async (bytes) => void events.push(`write ${bytes.byteLength}`),
    close: async () => void events.push('close'),
  });
  await writeShardedSafetensors(watched, create);
  expect(events.slice(1)).toEqual([
    ...['a.up', 'b.bias', 'b.weight', 'c.weight'].flatMap((path) => [
      `read ${path}`,
      `write ${path === 'b.bias' ? 256 : 16384}`,
    ]),
    'close',
  ]);
});

test('an error and an abort close the file', async () => {
  const store = await openFloats();
  let closed = 0;
  const create: CreateFile = async () => ({
    write: async () => undefined,
    close: async () => void (closed += 1),
  });
  const broken = { ...store, tensors: store.tensors, read: async () => new Uint8Array(3) };
  await expect(writeShardedSafetensors(broken, create)).rejects.toMatchObject({ code: 'size' });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(writeShardedSafetensors(store, create, { signal })).rejects.toThrow('enough');
  expect(closed).toBe(2);
});
