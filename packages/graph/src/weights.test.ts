import { describe, expect, test } from 'vitest';

import { GraphError } from './graph-error.ts';
import { Recorder } from './tensor.ts';
import type { StoredType, WeightManifest } from './weight-store.ts';
import { Weights } from './weights.ts';

function weightsOf(entries: Readonly<Record<string, StoredType>>): Weights {
  const manifest: WeightManifest = new Map(
    Object.entries(entries).map(([path, dtype]) => [path, { shape: [2], dtype }]),
  );
  return new Weights(new Recorder(), manifest);
}

const EXAMPLE = {
  'patch_embed.proj.weight': 'f32',
  'patch_embed.proj.bias': 'f32',
  'blocks.0.attn.qkv.weight': 'f16',
  'blocks.0.attn.qkv.bias': 'f16',
  'blocks.0.attn.proj.weight': 'bf16',
  'blocks.0.mlp.lin1.weight': 'f64',
  'blocks.0.mlp.lin2.weight': 'i8',
} as const;

describe('Weights', () => {
  test('walks the tree by parts, paths and numbers', () => {
    const w = weightsOf(EXAMPLE);
    const qkv = w.at('blocks.0.attn.qkv').weight;
    expect(w.at('blocks').at(0).at('attn').at('qkv').tensor('weight')).toBe(qkv);
    expect(w.tensor('blocks.0.attn.qkv.weight')).toBe(qkv);
  });

  test('has what the manifest has', () => {
    const w = weightsOf(EXAMPLE);
    expect(w.at('patch_embed').has('proj.bias')).toBe(true);
    expect(w.has('patch_embed.proj')).toBe(false);
    expect(w.at('patch_embed.proj').bias?.shape).toEqual([2]);
    expect(w.at('blocks.0.attn.proj').bias).toBeUndefined();
  });

  test.each(['f64', 'f32', 'f16', 'bf16', 'i8'] as const)('runs %s as f32', (stored) => {
    expect(weightsOf({ x: stored }).tensor('x').dtype).toBe('f32');
  });

  test.each(['i64', 'i32', 'i16', 'u8', 'bool'] as const)('refuses %s', (stored) => {
    expect(() =>
      weightsOf({ 'bn.num_batches_tracked': stored }).tensor('bn.num_batches_tracked'),
    ).toThrow(
      new GraphError(
        'weights',
        `"bn.num_batches_tracked" is stored as ${stored}, wanted a float type`,
      ),
    );
  });

  test.each([
    [
      'blocks.0.attn.qkv.wieght',
      'below "blocks.0.attn.qkv" there are blocks.0.attn.qkv.weight, blocks.0.attn.qkv.bias',
    ],
    [
      'blocks.0.attention.qkv.weight',
      'below "blocks.0" there are blocks.0.attn.qkv.weight, blocks.0.attn.qkv.bias, blocks.0.attn.proj.weight, blocks.0.mlp.lin1.weight, … (5)',
    ],
    [
      'image_encoder.norm.weight',
      'the checkpoint begins with patch_embed.proj.weight, patch_embed.proj.bias, blocks.0.attn.qkv.weight',
    ],
  ])('says what there is near %s', (path, near) => {
    const w = weightsOf(EXAMPLE);
    const [first = '', ...rest] = path.split('.');
    expect(() => w.at(first).tensor(rest.join('.'))).toThrow(
      new GraphError('weights', `there is no tensor "${path}"; ${near}`),
    );
  });

  test('says that a checkpoint is empty', () => {
    expect(() => weightsOf({}).weight).toThrow(
      new GraphError('weights', 'there is no tensor "weight"; the checkpoint is empty'),
    );
  });
});

describe('constants', () => {
  const w = weightsOf({});

  test('copy their values', () => {
    const recorder = new Recorder();
    const values = new Float32Array([0.5, 1, 2]);
    const { id } = new Weights(recorder, new Map()).constant(values, [3, 1]);
    values.fill(9);
    expect(recorder.nodes[id]).toMatchObject({
      operation: 'constant',
      attributes: { data: [0.5, 1, 2] },
      shape: [3, 1],
      dtype: 'f32',
    });
  });

  test('may be integers', () => {
    expect(w.constant(new Int32Array([-(2 ** 31), 2 ** 31 - 1]), [2], 'i32').dtype).toBe('i32');
  });

  test.each<readonly [what: string, build: () => unknown, message: string]>([
    ['too few values', () => w.constant([1, 2], [3]), 'got 2 values for [3], wanted 3'],
    ['two values for a scalar', () => w.constant([1, 2], []), 'got 2 values for [], wanted 1'],
    ['an empty shape', () => w.constant([], [0]), 'shape is [0], wanted positive whole numbers'],
    [
      'fractions as i32',
      () => w.constant([1, 0.5], [2], 'i32'),
      'got 0.5 for i32, wanted a whole number of 32 bits',
    ],
    [
      'i32 beyond its range',
      () => w.constant([2 ** 31], [1], 'i32'),
      'got 2147483648 for i32, wanted a whole number of 32 bits',
    ],
  ])('refuse %s', (_, build, message) => {
    expect(build).toThrow(new GraphError('constant', message));
  });
});
