import { fileURLToPath } from 'node:url';
import { expectClose, formulaTensor, openParityCase } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, test } from 'vitest';
import type { Epilogue } from '../epilogue/epilogue.ts';
import { linear } from '../linear/linear.ts';
import { packLinearWeight } from '../linear/pack-linear-weight.ts';
import { relativePositions } from '../relative-positions/relative-positions.ts';
import { attention } from './attention.ts';
import type { AttentionVariant } from './variant.ts';
import { type Extent, windowAttention } from './window-attention.ts';

// Outputs of SAM's official modules on inputs and weights that are formulas.
const official = await openParityCase(
  fileURLToPath(new URL('../../fixtures/modules_sam', import.meta.url)),
);
const gpu = await openTestDevice();

const grids = [
  { name: 'd64_16x16', width: 64, grid: { height: 16, width: 16 } },
  { name: 'd64_14x14', width: 64, grid: { height: 14, width: 14 } },
  { name: 'd64_12x20', width: 64, grid: { height: 12, width: 20 } },
  { name: 'd80_16x16', width: 80, grid: { height: 16, width: 16 } },
  { name: 'd80_14x14', width: 80, grid: { height: 14, width: 14 } },
  { name: 'd80_12x20', width: 80, grid: { height: 12, width: 20 } },
];

async function relativeTo(
  query: Float32Array,
  tables: Record<'height' | 'width', Float32Array>,
  sizes: { batch?: number; grid: Extent; window: Extent; heads: number; width: number },
  rowStride: number,
): Promise<{ relativeHeight: Float32Array; relativeWidth: Float32Array }> {
  const { batch = 1, grid, window, heads } = sizes;
  const made = { height: new Float32Array(), width: new Float32Array() };
  for (const axis of ['height', 'width'] as const) {
    const options = { axis, query: { rowStride } };
    const kernel = relativePositions(sizes, options, gpu!.kernelDevice);
    const bytes = batch * grid.height * grid.width * heads * window[axis] * 4;
    const { y } = await runKernel(gpu!, kernel, { query, table: tables[axis], y: bytes });
    made[axis] = y!;
  }
  return { relativeHeight: made.height, relativeWidth: made.width };
}

describe.skipIf(gpu === undefined)(`official attention${missingDevice()}`, () => {
  const cases: { variant: AttentionVariant; name: string; width: number; grid: Extent }[] = [
    ...grids.map((grid) => ({ variant: 'software' as const, ...grid })),
    { variant: 'tiled', ...grids[1]! },
    { variant: 'tiled', ...grids[5]! },
  ];

  test.each(cases)(
    '$variant: relative positions, $name',
    async ({ variant, name, width, grid }) => {
      const input = (part: string) => official.input(`rel_pos_attention.${name}.${part}`);
      const { shape, values: query } = input('q'); // [heads, positions, width]: heads as a batch of one each
      const [batch = 1, positions = 1] = shape;
      const tables = { height: input('rel_pos_h').values, width: input('rel_pos_w').values };
      const sizes = { batch, grid, window: grid, heads: 1, width };
      const relative = await relativeTo(query, tables, sizes, width);
      const kernel = attention(
        { batch, queries: positions, keys: positions, heads: 1, width },
        { scale: width ** -0.5, relative: grid, variant },
        gpu!.kernelDevice,
      );
      const { y } = await runKernel(gpu!, kernel, {
        query,
        key: input('k').values,
        value: input('v').values,
        ...relative,
        y: query.byteLength,
      });
      const golden = await official.golden(`rel_pos_attention.${name}.out`);
      // Ten times what float32 PyTorch is off, as the case proposes.
      const limit = golden.limit!.maxAbs;
      expectClose(golden.select(y!), golden.values, { what: kernel.label, limit });
    },
  );

  test.each([
    { name: 'window_block.d64', headWidth: 64 },
    { name: 'window_block.d80', headWidth: 80 },
  ])('a block of the image encoder with padded windows, $name', async ({ name, headWidth }) => {
    const heads = 2;
    const width = heads * headWidth;
    const grid = { height: 12, width: 20 };
    const window = { height: 14, width: 14 };
    const rows = grid.height * grid.width;
    const weight = (path: string, ...shape: number[]): Float32Array =>
      formulaTensor(`${name}.${path}`, shape, official.formula);

    const layer = async (
      x: Float32Array,
      path: string,
      [inputs, outputs]: readonly [number, number],
      { residual, ...epilogue }: Omit<Epilogue, 'residual'> & { residual?: Float32Array } = {},
    ): Promise<Float32Array> => {
      const options = { bias: true, residual: residual !== undefined, ...epilogue };
      const kernel = linear({ rows, inputs, outputs }, options, gpu!.kernelDevice);
      const { y } = await runKernel(gpu!, kernel, {
        left: x,
        right: packLinearWeight(weight(`${path}.weight`, outputs, inputs), outputs, inputs),
        bias: weight(`${path}.bias`, outputs),
        y: rows * outputs * 4,
        ...(residual && { residual }),
      });
      return y!;
    };
    const norm = (x: Float32Array, path: string): Float32Array =>
      layerNorm(x, weight(`${path}.weight`, width), weight(`${path}.bias`, width));

    const { values: x } = official.input(`${name}.x`); // [1, height, width, heads * headWidth]
    const qkv = await layer(norm(x, 'norm1'), 'attn.qkv', [width, 3 * width]);
    const tables = {
      height: weight('attn.rel_pos_h', 27, headWidth),
      width: weight('attn.rel_pos_w', 27, headWidth),
    };
    const sizes = { grid, window, heads, width: headWidth };
    const relative = await relativeTo(qkv, tables, sizes, 3 * width);
    const view = (part: number) => ({ offset: part * width, rowStride: 3 * width });
    const kernel = windowAttention(
      sizes,
      {
        scale: headWidth ** -0.5,
        query: view(0),
        key: view(1),
        value: view(2),
        padding: { keyOffset: width, valueOffset: 2 * width },
        relative: true,
      },
      gpu!.kernelDevice,
    );
    const { y: attended } = await runKernel(gpu!, kernel, {
      query: qkv,
      key: qkv,
      value: qkv,
      padding: weight('attn.qkv.bias', 3 * width),
      ...relative,
      y: rows * width * 4,
    });
    const added = await layer(attended!, 'attn.proj', [width, width], { residual: x });
    const hidden = await layer(norm(added, 'norm2'), 'mlp.lin1', [width, 4 * width], {
      activation: 'gelu',
    });
    const y = await layer(hidden, 'mlp.lin2', [4 * width, width], { residual: added });
    const golden = await official.golden(`${name}.out`);
    // Ten times what float32 PyTorch is off, as the case proposes.
    const limit = golden.limit!.maxAbs;
    expectClose(golden.select(y), golden.values, { what: name, limit });
  });
});

function layerNorm(x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const width = weight.length;
  const y = new Float32Array(x.length);
  for (let start = 0; start < x.length; start += width) {
    const row = x.subarray(start, start + width);
    const mean = row.reduce((sum, value) => sum + value, 0) / width;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
    const scale = 1 / Math.sqrt(variance + 1e-6);
    row.forEach((value, i) => {
      y[start + i] = (value - mean) * scale * weight[i]! + bias[i]!;
    });
  }
  return y;
}
