import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { MINIMAL_DEVICE } from '../kernel.ts';
import { attention, type AttentionSizes } from './attention.ts';
import { attentionReference } from './attention.reference.ts';
import { AttentionError } from './link-attention.ts';
import { chooseAttention } from './variant.ts';

const gpu = await openTestDevice();
const variants = ['tiled', 'split-keys', 'software'] as const;

// Weights are made of scores that are good to 2^-22 of at most 8, and sum to 1; values are below 1.
const LIMIT = 4e-6;

const shapes: readonly AttentionSizes[] = [
  { queries: 1, keys: 1, heads: 1, width: 4 },
  { queries: 7, keys: 300, heads: 2, width: 16 }, // the decoder's tokens to its image
  { queries: 130, keys: 7, heads: 2, width: 16 }, // and back
  { batch: 2, queries: 17, keys: 67, heads: 1, width: 80, valueWidth: 64 },
  { batch: 2, queries: 5, keys: 21, heads: 2, width: 7, valueWidth: 9 }, // nothing comes in fours
  { queries: 20, keys: 70, heads: 1, width: 256, valueWidth: 64 }, // SAM 2's memory attention
];

interface Operands {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
}

function operandsOf(sizes: AttentionSizes, spread = 1): Operands {
  const { batch = 1, queries, keys, heads, width, valueWidth = width } = sizes;
  return {
    query: seededValues(batch * queries * heads * width, 1).map((value) => spread * value),
    key: seededValues(batch * keys * heads * width, 2),
    value: seededValues(batch * keys * heads * valueWidth, 3),
  };
}

const bytesOf = ({
  batch = 1,
  queries,
  heads,
  width,
  valueWidth = width,
}: AttentionSizes): number => batch * queries * heads * valueWidth * 4;

describe.skipIf(gpu === undefined)(`attention${missingDevice()}`, () => {
  // A software adapter takes long to compile shaders with barriers, so only the hard shapes.
  const cases = variants.flatMap((variant) =>
    (variant === 'software' ? shapes : shapes.slice(-3)).map((sizes) => ({ variant, ...sizes })),
  );

  test.each(cases)(
    '$variant: $queries queries of $width to $keys keys',
    async ({ variant, ...sizes }) => {
      const operands = operandsOf(sizes);
      const scale = sizes.width ** -0.5;
      const kernel = attention(sizes, { scale, variant }, gpu!.kernelDevice);
      const { y } = await runKernel(gpu!, kernel, { ...operands, y: bytesOf(sizes) });
      const expected = attentionReference(operands, sizes, scale);
      expectClose(y!, expected, { what: kernel.label, limit: LIMIT, seed: 1 });
    },
  );

  test('software without subgroups', async () => {
    const sizes = shapes[3]!;
    const operands = operandsOf(sizes);
    const device = { ...gpu!.kernelDevice, subgroupMinSize: 0, subgroupMaxSize: 0 };
    const kernel = attention(sizes, { scale: 0.1, variant: 'software' }, device);
    expect(kernel.features).toEqual([]);
    const { y } = await runKernel(gpu!, kernel, { ...operands, y: bytesOf(sizes) });
    const expected = attentionReference(operands, sizes, 0.1);
    expectClose(y!, expected, { what: kernel.label, limit: LIMIT, seed: 1 });
  });

  test.each(variants)('%s: scores far from zero, and growing from key to key', async (variant) => {
    const sizes = { queries: 5, keys: 300, heads: 1, width: 4 };
    const { query, key, value } = operandsOf(sizes);
    // Each later tile has a larger score, so that all before it must be corrected.
    const growing = key.map((element, i) => element + Math.sign(query[i % 4]!) * (i / 4));
    const kernel = attention(sizes, { scale: 1, variant }, gpu!.kernelDevice);
    const operands = { query, key: growing, value };
    const { y } = await runKernel(gpu!, kernel, { ...operands, y: bytesOf(sizes) });
    const expected = attentionReference(operands, sizes, 1);
    // Scores of some hundreds are good to 2^-15 only.
    expectClose(y!, expected, { what: kernel.label, limit: 3e-4, seed: 1 });
  });

  test.each(
    variants.flatMap((variant) =>
      (['shared', 'batch'] as const).map((keyBias) => ({ variant, keyBias })),
    ),
  )('$variant: a $keyBias bias per key that hides some', async ({ variant, keyBias }) => {
    const sizes = { batch: 2, queries: 3, keys: 37, heads: 2, width: 8 };
    const operands = operandsOf(sizes);
    const bias = seededValues(2 * 37, 4).map((value, i) => (i % 5 === 0 ? -1e9 : value));
    const kernel = attention(sizes, { scale: 0.5, keyBias, variant }, gpu!.kernelDevice);
    const all = { ...operands, keyBias: bias, y: bytesOf(sizes) };
    const { y } = await runKernel(gpu!, kernel, all);
    const stride = keyBias === 'batch' ? 37 : 0;
    const expected = attentionReference(
      operands,
      sizes,
      0.5,
      (image, _query, _head, key) => bias[image * stride + key]!,
    );
    expectClose(y!, expected, { what: kernel.label, limit: LIMIT, seed: 1 });
  });

  test.each(variants)('%s: operands packed into rows of qkv', async (variant) => {
    const sizes = { batch: 2, queries: 20, keys: 20, heads: 3, width: 8 };
    const row = 3 * 24;
    const qkv = seededValues(4 + 2 * 20 * row, 5);
    const view = (part: number) => ({ offset: 4 + 24 * part, rowStride: row });
    const options = { scale: 0.4, query: view(0), key: view(1), value: view(2), variant };
    const kernel = attention(sizes, options, gpu!.kernelDevice);
    const operands = { query: qkv, key: qkv, value: qkv, y: bytesOf(sizes) };
    const { y } = await runKernel(gpu!, kernel, operands);
    const unpack = (part: number): Float32Array =>
      Float32Array.from({ length: 40 * 24 }, (_, i) => {
        return qkv[4 + Math.floor(i / 24) * row + 24 * part + (i % 24)]!;
      });
    const expected = attentionReference(
      { query: unpack(0), key: unpack(1), value: unpack(2) },
      sizes,
      0.4,
    );
    expectClose(y!, expected, { what: kernel.label, limit: LIMIT, seed: 5 });
  });
});

describe('attention', () => {
  test('refuses a grid that is not that of its keys', () => {
    const sizes = { queries: 12, keys: 12, heads: 1, width: 4 };
    const relative = { height: 3, width: 5 };
    expect(() => attention(sizes, { scale: 1, relative }, MINIMAL_DEVICE)).toThrow(
      'relative positions of a 3 x 5 grid want that many queries and keys and no key bias, got 12 and 12',
    );
  });

  test('refuses heads of which four do not fit in workgroup memory', () => {
    const sizes = { queries: 64, keys: 64, heads: 1, width: 1024 };
    expect(() => attention(sizes, { scale: 1 }, MINIMAL_DEVICE)).toThrow(AttentionError);
  });

  test('keeps to the default limit of workgroup memory for every head of SAM', () => {
    for (const [width, valueWidth] of [
      [64, 64],
      [80, 80],
      [256, 64],
      [256, 256],
    ] as const) {
      const sizes = { queries: 64, keys: 64, heads: 1, width, valueWidth };
      expect(() => attention(sizes, { scale: 1 }, MINIMAL_DEVICE)).not.toThrow();
    }
  });
});

describe('chooseAttention', () => {
  test.each([
    [{ queries: 4096, keys: 4096 }, {}, 'tiled'],
    [{ queries: 7, keys: 4096 }, {}, 'split-keys'],
    [{ queries: 7, keys: 7 }, {}, 'tiled'],
    [{ queries: 4096, keys: 7 }, {}, 'tiled'],
    [{ queries: 7, keys: 4096 }, { software: true }, 'software'],
  ])('%o on %o', (extent, device, expected) => {
    expect(chooseAttention(extent, { ...MINIMAL_DEVICE, ...device })).toBe(expected);
  });
});
