import { fileURLToPath } from 'node:url';
import { expectClose, openParityCase, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { AttentionError } from '../attention/link-attention.ts';
import { MINIMAL_DEVICE } from '../kernel.ts';
import { axialRotaryTable, rotary } from './rotary.ts';
import { rotaryReference } from './rotary.reference.ts';

// Outputs of SAM 2's official modules on inputs that are formulas.
const official = await openParityCase(
  fileURLToPath(new URL('../../fixtures/modules_sam2', import.meta.url)),
);
const gpu = await openTestDevice();

describe.skipIf(gpu === undefined)(`rotary${missingDevice()}`, () => {
  test.each([
    { part: 'q', rows: 64 },
    { part: 'k', rows: 128 }, // two frames
  ])('gives what the official code gives for $part', async ({ part, rows }) => {
    const sizes = { rows, period: 64, heads: 1, width: 256 };
    const table = axialRotaryTable({ height: 8, width: 8 }, 256);
    const kernel = rotary(sizes, {}, gpu!.kernelDevice);
    const { values: x } = official.input(`rope.${part}`);
    const { y } = await runKernel(gpu!, kernel, { x, table, y: rows * 256 * 4 });
    const golden = await official.golden(`rope.${part}_out`);
    // Ten times what float32 PyTorch is off, as the case proposes.
    const limit = golden.limit!.maxAbs;
    expectClose(golden.select(y!), golden.values, { what: kernel.label, limit });
  });

  test.each([
    { batch: 2, rows: 11, rotatedRows: 8, period: 4, heads: 3, width: 8 },
    { rows: 70_000, period: 6, heads: 1, width: 4 },
    { rows: 3, rotatedRows: 0, period: 6, heads: 1, width: 4 },
  ])('$rows rows of which $rotatedRows turn', async (sizes) => {
    const { batch = 1, rows, heads, width, period } = sizes;
    const stride = heads * width + 4;
    const packed = seededValues(4 + batch * rows * stride, 1);
    const table = axialRotaryTable({ height: 2, width: period / 2 }, width);
    const kernel = rotary(sizes, { offset: 4, rowStride: stride }, gpu!.kernelDevice);
    const size = batch * rows * heads * width;
    const { y } = await runKernel(gpu!, kernel, { x: packed, table, y: size * 4 });
    const x = Float32Array.from({ length: size }, (_, i) => {
      return packed[4 + Math.floor(i / (stride - 4)) * stride + (i % (stride - 4))]!;
    });
    // Two products of numbers below 1, rounded to 2^-24 each, and their sum.
    const limit = 2 ** -22;
    expectClose(y!, rotaryReference(x, table, sizes), { what: kernel.label, limit, seed: 1 });
  });
});

test('rotary refuses rows that are not in fours', () => {
  const sizes = { rows: 4, period: 4, heads: 1, width: 6 };
  expect(() => rotary(sizes, {}, MINIMAL_DEVICE)).toThrow(AttentionError);
});
