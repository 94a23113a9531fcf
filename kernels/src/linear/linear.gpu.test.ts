import { expectClose, seededValues } from '@samgpu/testing';
import { compileKernel, missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from '../float16/float16.ts';
import { MINIMAL_DEVICE } from '../kernel.ts';
import { chooseLinear, linear, type LinearSizes, type LinearWeightType } from './linear.ts';
import { linearReference } from './linear.reference.ts';
import { packLinearWeight, quantizeLinearWeight } from './pack-linear-weight.ts';

const gpu = await openTestDevice();
const variants = ['tiled-32', 'tiled-64', 'few-rows', 'software'] as const;

const shapes: readonly LinearSizes[] = [
  { rows: 1, inputs: 1, outputs: 1 },
  { rows: 7, inputs: 256, outputs: 32 }, // a decoder's tokens
  { rows: 64, inputs: 32, outputs: 64 }, // whole tiles
  { rows: 128, inputs: 20, outputs: 33 }, // from here on software adapters take 16 rows at once
  { rows: 147, inputs: 9, outputs: 35 },
  { rows: 65, inputs: 36, outputs: 68 }, // one more than whole tiles
  { rows: 33, inputs: 5, outputs: 3 }, // nothing comes in fours
  { rows: 70, inputs: 67, outputs: 130 },
];

// Each of `inputs` additions rounds a sum of at most a few: 2^-24 of it, twice that to be safe.
const roundingOf = ({ inputs }: LinearSizes): number => 2 ** -23 * (inputs + 8);

interface Stored {
  readonly right: Float32Array | Uint16Array | Int8Array;
  readonly scale?: Float32Array;
  /** What the kernel should compute with. */
  readonly exact: ArrayLike<number>;
}

function store(
  type: LinearWeightType,
  weight: Float32Array,
  sizes: LinearSizes,
  panels = false,
): Stored {
  const { inputs, outputs } = sizes;
  if (type === 'f16') {
    const bits = toFloat16Bits(weight);
    return { right: packLinearWeight(bits, outputs, inputs, panels), exact: fromFloat16Bits(bits) };
  }
  if (type === 'int8') {
    const { values, scale } = quantizeLinearWeight(weight, outputs, inputs);
    const exact = Float64Array.from(values, (value, i) => value * scale[Math.floor(i / inputs)]!);
    return { right: packLinearWeight(values, outputs, inputs, panels), scale, exact };
  }
  const copy = Float32Array.from(weight);
  return { right: packLinearWeight(copy, outputs, inputs, panels), exact: weight };
}

describe.skipIf(gpu === undefined)(`linear${missingDevice()}`, () => {
  // A software adapter takes half a second to compile a shader with barriers, so only the hard shapes.
  const cases = variants.flatMap((variant) =>
    (variant === 'software' ? shapes : shapes.slice(-2)).map((sizes) => ({ variant, ...sizes })),
  );

  test.each(cases)('$variant: [$rows, $inputs] to $outputs', async ({ variant, ...sizes }) => {
    const { rows, inputs, outputs } = sizes;
    const x = seededValues(rows * inputs, 1);
    const weight = seededValues(outputs * inputs, 2);
    const bias = seededValues(outputs, 3);
    const kernel = linear(sizes, { bias: true, variant }, gpu!.kernelDevice);
    const { right } = store('f32', weight, sizes);
    const { y } = await runKernel(gpu!, kernel, { left: x, right, bias, y: rows * outputs * 4 });
    const expected = linearReference(x, weight, bias, sizes);
    expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 1 });
  });

  test('software without subgroups', async () => {
    const sizes = shapes.at(-1)!;
    const { rows, inputs, outputs } = sizes;
    const device = { ...gpu!.kernelDevice, subgroupMinSize: 0, subgroupMaxSize: 0 };
    const x = seededValues(rows * inputs, 18);
    const weight = seededValues(outputs * inputs, 19);
    const kernel = linear(sizes, { variant: 'software' }, device);
    expect(kernel.features).toEqual([]);
    const { right } = store('f32', weight, sizes);
    const { y } = await runKernel(gpu!, kernel, { left: x, right, y: rows * outputs * 4 });
    const expected = linearReference(x, weight, undefined, sizes);
    expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 18 });
  });

  const typeCases = [
    { weightType: 'f16', variant: 'tiled-32', ...shapes.at(-1)! },
    { weightType: 'int8', variant: 'few-rows', ...shapes.at(-1)! },
    ...shapes.flatMap((sizes) =>
      (['f16', 'int8'] as const).map((weightType) => ({
        weightType,
        variant: 'software' as const,
        ...sizes,
      })),
    ),
  ] as const;

  test.each(typeCases)(
    '$variant: $weightType weights, [$rows, $inputs] to $outputs',
    async ({ weightType, variant, ...sizes }) => {
      const { rows, inputs, outputs } = sizes;
      const x = seededValues(rows * inputs, 4);
      const bias = seededValues(outputs, 6);
      const stored = store(weightType, seededValues(outputs * inputs, 5), sizes);
      const { right, scale, exact } = stored;
      const kernel = linear(sizes, { bias: true, weightType, variant }, gpu!.kernelDevice);
      const operands = { left: x, right, bias, y: rows * outputs * 4, ...(scale && { scale }) };
      const { y } = await runKernel(gpu!, kernel, operands);
      const expected = linearReference(x, exact, bias, sizes);
      expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 4 });
    },
  );

  const panelCases = [
    { weightType: 'f32', variant: 'tiled-64' },
    { weightType: 'f16', variant: 'few-rows' },
    ...(['f32', 'f16', 'int8'] as const).map((weightType) => ({
      weightType,
      variant: 'software' as const,
    })),
  ] as const;

  test.each(panelCases)('$variant: $weightType weights in panels', async (options) => {
    const sizes = { rows: 130, inputs: 67, outputs: 130 };
    const { rows, inputs, outputs } = sizes;
    const x = seededValues(rows * inputs, 20);
    const bias = seededValues(outputs, 21);
    const weight = seededValues(outputs * inputs, 22);
    const { right, scale, exact } = store(options.weightType, weight, sizes, true);
    const kernel = linear(sizes, { bias: true, panels: true, ...options }, gpu!.kernelDevice);
    const operands = { left: x, right, bias, y: rows * outputs * 4, ...(scale && { scale }) };
    const { y } = await runKernel(gpu!, kernel, operands);
    const expected = linearReference(x, exact, bias, sizes);
    expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 20 });
  });

  const epilogues = [
    { activation: 'relu', residual: true },
    { activation: 'relu', residual: true, activationAfterResidual: true },
    { activation: 'relu', bias: true },
    { bias: true, residual: true },
    { residual: true },
    {},
  ] as const;

  test.each(
    epilogues.flatMap((epilogue) =>
      [36, 3].flatMap((outputs) => ({ outputs, epilogue, name: JSON.stringify(epilogue) })),
    ),
  )('$outputs outputs with $name', async ({ outputs, epilogue }) => {
    const sizes = { rows: 9, inputs: 12, outputs };
    const x = seededValues(9 * 12, 7);
    const weight = seededValues(outputs * 12, 8);
    const bias = seededValues(outputs, 9);
    const residual = seededValues(9 * outputs, 10);
    const kernel = linear(sizes, epilogue, gpu!.kernelDevice);
    const { y } = await runKernel(gpu!, kernel, {
      left: x,
      right: packLinearWeight(weight, outputs, 12),
      y: 9 * outputs * 4,
      ...('bias' in epilogue && { bias }),
      ...('residual' in epilogue && { residual }),
    });
    const relu = (value: number): number => Math.max(value, 0);
    const product = linearReference(x, weight, 'bias' in epilogue ? bias : undefined, sizes);
    const expected = product.map((value, i) => {
      const added = 'residual' in epilogue ? residual[i]! : 0;
      if ('activationAfterResidual' in epilogue) return relu(value + added);
      return ('activation' in epilogue ? relu(value) : value) + added;
    });
    expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 7 });
  });

  test.each(['tiled-64', 'software'] as const)(
    '%s: reads rows, weight, bias and residual where they lie',
    async (variant) => {
      const sizes = { rows: 5, inputs: 8, outputs: 12 };
      const x = seededValues(4 + 5 * 20, 11);
      const weight = seededValues(12 * 8, 12);
      const bias = seededValues(4 + 12, 13);
      const residual = seededValues(8 + 5 * 12, 14);
      const packed = packLinearWeight(weight, 12, 8);
      const offsets = { weightOffset: 16, biasOffset: 4, residualOffset: 8 };
      const options = { bias: true, residual: true, x: { offset: 4, rowStride: 20 }, ...offsets };
      const kernel = linear(sizes, { ...options, variant }, gpu!.kernelDevice);
      const right = Float32Array.from([...new Float32Array(16).fill(9), ...packed]);
      const { y } = await runKernel(gpu!, kernel, {
        left: x,
        right,
        bias,
        residual,
        y: 5 * 12 * 4,
      });
      const rows = Float32Array.from({ length: 40 }, (_, i) => x[4 + 20 * (i >> 3) + (i & 7)]!);
      const product = linearReference(rows, weight, bias.subarray(4), sizes);
      const expected = product.map((value, i) => value + residual[8 + i]!);
      expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 11 });
    },
  );

  test('exact GELU', async () => {
    const sizes = { rows: 4, inputs: 4, outputs: 64 };
    const x = Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const weight = seededValues(64 * 4, 15).map((value) => 5 * value);
    const kernel = linear(sizes, { activation: 'gelu' }, gpu!.kernelDevice);
    const right = packLinearWeight(weight, 64, 4);
    const { y } = await runKernel(gpu!, kernel, { left: x, right, y: 4 * 64 * 4 });
    // The function itself is checked with the activations; far out it is x or 0, within 5e-6.
    const product = linearReference(x, weight, undefined, sizes);
    const far = [...product.keys()].filter((i) => Math.abs(product[i]!) > 4.5);
    expect(far.length).toBeGreaterThan(10);
    const got = far.map((i) => y![i]!);
    const expected = far.map((i) => Math.max(product[i]!, 0));
    expectClose(got, expected, { what: kernel.label, limit: 2e-5, seed: 15 });
  });

  test.each([
    { rows: 70_000, inputs: 4, outputs: 4 },
    { rows: 4, inputs: 4, outputs: 70_000 },
  ])('has more rows or columns than a grid: [$rows, $inputs] to $outputs', async (sizes) => {
    const { rows, inputs, outputs } = sizes;
    const x = seededValues(rows * inputs, 16);
    const weight = seededValues(outputs * inputs, 17);
    const kernel = linear(sizes, {}, gpu!.kernelDevice);
    const right = packLinearWeight(weight, outputs, inputs);
    const { y } = await runKernel(gpu!, kernel, { left: x, right, y: rows * outputs * 4 });
    const expected = linearReference(x, weight, undefined, sizes);
    expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 16 });
  });
});

const compiler = await openTestDevice({ backend: 'null' });

describe.skipIf(compiler === undefined)(`linear${missingDevice()}`, () => {
  test.each(variants)('%s compiles with native half floats', async (variant) => {
    const sizes = { rows: 65, inputs: 36, outputs: 68 };
    const device = { ...MINIMAL_DEVICE, float16: true };
    const kernel = linear(sizes, { weightType: 'f16', bias: true, variant }, device);
    expect(kernel.source).toContain('vec4<f16>');
    await compileKernel(compiler!, kernel);
  });
});

const matrices = [
  { componentType: 'f16', resultComponentType: 'f16', M: 16, N: 16, K: 16 },
  { componentType: 'f16', resultComponentType: 'f32', M: 16, N: 16, K: 16 },
  { componentType: 'f32', resultComponentType: 'f32', M: 8, N: 8, K: 8 },
];
const matrixDevice = {
  ...MINIMAL_DEVICE,
  float16: true,
  subgroupMinSize: 32,
  subgroupMaxSize: 32,
  subgroupMatrices: matrices,
  workgroupStorage: 32768,
};
const hasMatrices = compiler?.device.features.has('chromium-experimental-subgroup-matrix') ?? false;

// The null backend knows the feature but has no shapes, so this is where compiling ends.
describe.skipIf(!hasMatrices)(`linear on matrix units${missingDevice()}`, () => {
  const sizes = { rows: 100, inputs: 36, outputs: 68 };

  test.each(['f32', 'f16', 'int8'] as const)('is valid with %s weights', async (weightType) => {
    const kernel = linear(sizes, { weightType, bias: true }, matrixDevice);
    expect(kernel.label).toContain('subgroup-matrix');
    expect(kernel.source.includes('alias Element = f16;')).toBe(weightType === 'f16');
    const { device } = compiler!;
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code: kernel.source });
    const { messages } = await module.getCompilationInfo();
    await device.popErrorScope();
    expect(messages.filter(({ type }) => type === 'error').map(({ message }) => message)).toEqual(
      [],
    );
  });
});

describe('chooseLinear', () => {
  const encoder = { rows: 4096, inputs: 768, outputs: 768 };
  test.each([
    [encoder, {}, 'tiled-32'],
    [encoder, { vendor: 'nvidia' }, 'tiled-64'],
    [{ ...encoder, rows: 256 }, { vendor: 'nvidia' }, 'tiled-32'], // too few tiles of 64
    [{ ...encoder, rows: 7 }, { vendor: 'nvidia' }, 'few-rows'],
    [{ ...encoder, rows: 7 }, { software: true }, 'software'],
    [encoder, matrixDevice, 'subgroup-matrix'],
    [encoder, { ...matrixDevice, workgroupStorage: 16384 }, 'tiled-32'], // f32 takes 20 KiB
    [encoder, { ...matrixDevice, subgroupMaxSize: 64 }, 'tiled-32'],
    [{ ...encoder, rows: 7 }, matrixDevice, 'few-rows'],
  ])('%o on %o', (sizes, device, expected) => {
    expect(chooseLinear(sizes, { ...MINIMAL_DEVICE, ...device })).toBe(expected);
  });
});
