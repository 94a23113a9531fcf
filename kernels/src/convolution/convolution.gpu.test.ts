import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from '../float16/float16.ts';
import { quantizeLinearWeight } from '../linear/pack-linear-weight.ts';
import { convolutionReference } from './convolution.reference.ts';
import {
  chooseConvolution,
  convolution,
  type ConvolutionOptions,
  type ConvolutionVariant,
} from './convolution.ts';
import { ConvolutionError, type ConvolutionSizes, resolveConvolution } from './geometry.ts';
import { packConvolutionWeight } from './pack-convolution-weight.ts';

const gpu = await openTestDevice();

const base = { batch: 1, height: 6, width: 7, channels: 8, outputs: 12 } as const;

const ONE_GROUP: readonly ConvolutionSizes[] = [
  { ...base, kernel: [3, 3], padding: [1, 1, 1, 1] },
  { ...base, batch: 2, kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { ...base, channels: 3, outputs: 5, kernel: [3, 3], padding: [0, 1, 2, 0] },
  { ...base, kernel: [5, 2], stride: [1, 2], padding: [2, 0, 1, 1], dilation: [1, 2] },
  { ...base, height: 8, width: 12, channels: 3, kernel: [4, 4], stride: [4, 4] }, // patches
  {
    ...base,
    height: 9,
    width: 6,
    channels: 5,
    kernel: [2, 2],
    stride: [2, 2],
    padding: [1, 0, 0, 0],
  },
  { ...base, kernel: [1, 1], outputs: 40 },
  { ...base, height: 1, width: 1, channels: 1, outputs: 1, kernel: [1, 1] },
];

const GROUPED: readonly ConvolutionSizes[] = [
  { ...base, kernel: [3, 3], padding: [1, 1, 1, 1], groups: 2 }, // six outputs each
  { ...base, kernel: [1, 1], groups: 4 }, // three outputs each
  { ...base, outputs: 16, kernel: [3, 3], stride: [2, 1], groups: 2 }, // eight outputs each
  { ...base, channels: 6, outputs: 6, kernel: [3, 3], padding: [1, 1, 1, 1], groups: 6 },
  { ...base, channels: 5, outputs: 10, kernel: [2, 3], groups: 5 },
];

const PER_CHANNEL: readonly ConvolutionSizes[] = [
  { ...base, channels: 12, kernel: [3, 3], padding: [1, 1, 1, 1], groups: 12 },
  {
    ...base,
    batch: 2,
    outputs: 8,
    kernel: [5, 5],
    stride: [2, 2],
    padding: [2, 2, 2, 2],
    groups: 8,
  },
  { ...base, outputs: 8, kernel: [7, 7], padding: [3, 3, 3, 3], groups: 8 },
  { ...base, outputs: 8, kernel: [3, 3], padding: [2, 2, 2, 2], dilation: [2, 2], groups: 8 },
];

/** Each addition rounds a sum of at most a few: 2^-24 of it, twice that to be safe. */
function roundingOf({ kernel, channels, groups = 1 }: ConvolutionSizes): number {
  return 2 ** -23 * ((kernel[0] * kernel[1] * channels) / groups + 8);
}

async function expectMatch(
  sizes: ConvolutionSizes,
  options: ConvolutionOptions,
  device = gpu!.kernelDevice,
): Promise<void> {
  const { batch, height, width, channels, outputs, kernel: kernelSize, groups = 1 } = sizes;
  const { offset = 0, weightType = 'f32', bias = false, residual = false } = options;
  const { pixels } = resolveConvolution(sizes);
  const x = seededValues(offset + batch * height * width * channels, 1);
  const count = outputs * (channels / groups) * kernelSize[0] * kernelSize[1];
  const weight = Float32Array.from(seededValues(count, 2));
  const half = toFloat16Bits(weight);
  const exact = weightType === 'f16' ? fromFloat16Bits(half) : weight;
  const right =
    weightType === 'f16'
      ? packConvolutionWeight(half, sizes)
      : packConvolutionWeight(weight, sizes);
  const biases = seededValues(outputs, 3);
  const residuals = seededValues(pixels * outputs, 4);
  const kernel = convolution(sizes, options, device);
  const { y } = await runKernel(gpu!, kernel, {
    x,
    right,
    y: pixels * outputs * 4,
    ...(bias ? { bias: biases } : {}),
    ...(residual ? { residual: residuals } : {}),
  });
  const relu = (value: number): number =>
    options.activation === 'relu' ? Math.max(value, 0) : value;
  const expected = convolutionReference(x.subarray(offset), exact, sizes).map((sum, index) => {
    const biased = sum + (bias ? biases[index % outputs]! : 0);
    const added = residual ? residuals[index]! : 0;
    return options.activationAfterResidual === true ? relu(biased + added) : relu(biased) + added;
  });
  expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 1 });
}

function named(
  cases: readonly ConvolutionSizes[],
  variants: readonly ConvolutionVariant[],
): { name: string; sizes: ConvolutionSizes; variant: ConvolutionVariant }[] {
  return cases.flatMap((sizes) =>
    variants.map((variant) => {
      const { batch, height, width, channels, outputs, kernel, ...rest } = sizes;
      const shape = [batch, height, width, channels].join('x');
      const name = `${variant}: ${shape} to ${outputs}, ${kernel.join('x')} ${JSON.stringify(rest)}`;
      return { name, sizes, variant };
    }),
  );
}

describe.skipIf(gpu === undefined)(`convolution${missingDevice()}`, () => {
  test.each([
    ...named(ONE_GROUP, ['software', 'tiled-32', 'direct']),
    ...named(ONE_GROUP.slice(0, 1), ['tiled-64', 'few-rows']),
    ...named(GROUPED, ['direct']),
    ...named(PER_CHANNEL, ['depthwise']),
  ])('$name', ({ sizes, variant }) => expectMatch(sizes, { variant }));

  test.each(ONE_GROUP.slice(0, 3))('software without subgroups: $kernel', (sizes) =>
    expectMatch(sizes, { variant: 'software' }, { ...gpu!.kernelDevice, subgroupMinSize: 0 }),
  );

  const cases = [
    { variant: 'software', sizes: ONE_GROUP[0]! },
    { variant: 'software', sizes: ONE_GROUP[2]! }, // outputs do not come in fours
    { variant: 'tiled-32', sizes: ONE_GROUP[0]! },
    { variant: 'direct', sizes: GROUPED[0]! },
    { variant: 'depthwise', sizes: PER_CHANNEL[0]! },
  ] as const;

  test.each(cases)('$variant adds a bias, an activation and a residual', ({ sizes, variant }) =>
    expectMatch(sizes, { variant, bias: true, activation: 'relu', residual: true }),
  );

  test.each(cases)('$variant applies the activation after the residual', ({ sizes, variant }) =>
    expectMatch(sizes, {
      variant,
      activation: 'relu',
      residual: true,
      activationAfterResidual: true,
    }),
  );

  test.each(cases.slice(0, 4))('$variant takes half floats', ({ sizes, variant }) =>
    expectMatch(sizes, { variant, weightType: 'f16' }),
  );

  test.each(cases.slice(0, 4))('$variant takes bytes with a scale', async ({ sizes, variant }) => {
    const { batch, height, width, channels, outputs, kernel: kernelSize, groups = 1 } = sizes;
    const inputs = (channels / groups) * kernelSize[0] * kernelSize[1];
    const weight = Float32Array.from(seededValues(outputs * inputs, 2));
    const { values, scale } = quantizeLinearWeight(weight, outputs, inputs);
    const exact = Float64Array.from(values, (value, i) => value * scale[Math.floor(i / inputs)]!);
    const x = seededValues(batch * height * width * channels, 1);
    const expected = convolutionReference(x, exact, sizes);
    const kernel = convolution(sizes, { variant, weightType: 'int8' }, gpu!.kernelDevice);
    const right = packConvolutionWeight(values, sizes);
    const { y } = await runKernel(gpu!, kernel, { x, right, scale, y: expected.length * 4 });
    expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 1 });
  });

  test.each([
    { variant: 'software', offset: 12 },
    { variant: 'tiled-32', offset: 3 },
    { variant: 'direct', offset: 5 },
  ] as const)('$variant reads x from $offset on', ({ variant, offset }) =>
    expectMatch(ONE_GROUP[0]!, { variant, offset }),
  );

  test('more pixels than one dimension of the grid holds', async () => {
    const sizes = { ...base, height: 12, width: 13, outputs: 4, kernel: [1, 1] } as const;
    const x = seededValues(12 * 13 * 8, 1);
    const weight = Float32Array.from(seededValues(4 * 8, 2));
    for (const variant of ['software', 'direct'] as const) {
      const device = { ...gpu!.kernelDevice, workgroupsPerDimension: 3 };
      const kernel = convolution(sizes, { variant }, { ...device, workgroupInvocations: 16 });
      expect(Math.max(...kernel.workgroups)).toBeGreaterThan(1);
      const right = packConvolutionWeight(weight, sizes);
      const { y } = await runKernel(gpu!, kernel, { x, right, y: 12 * 13 * 4 * 4 });
      const expected = convolutionReference(x, weight, sizes);
      expectClose(y!, expected, { what: kernel.label, limit: roundingOf(sizes), seed: 1 });
    }
  });

  test('chooses by groups and device', () => {
    const gpuDevice = { ...gpu!.kernelDevice, software: false };
    expect(chooseConvolution(PER_CHANNEL[0]!, gpuDevice)).toBe('depthwise');
    expect(chooseConvolution(GROUPED[0]!, gpuDevice)).toBe('direct');
    expect(chooseConvolution({ ...ONE_GROUP[0]!, height: 64 }, gpuDevice)).toBe('tiled-32');
    expect(chooseConvolution(ONE_GROUP[0]!, { ...gpuDevice, software: true })).toBe('software');
  });

  test('refuses what does not fit', () => {
    const { kernelDevice } = gpu!;
    expect(() => convolution({ ...base, kernel: [9, 1] }, {}, kernelDevice)).toThrow(
      'the kernel does not fit',
    );
    expect(() => convolution({ ...base, kernel: [1, 1], groups: 3 }, {}, kernelDevice)).toThrow(
      ConvolutionError,
    );
    expect(() => convolution(GROUPED[0]!, { variant: 'software' }, kernelDevice)).toThrow(
      'wanted one, or the variant direct',
    );
    expect(() => packConvolutionWeight(new Float32Array(5), ONE_GROUP[0]!)).toThrow(
      'a weight of [12, 8, 3, 3] has 864 elements, got 5',
    );
  });
});
