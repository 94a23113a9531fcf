import { expectClose, seededValues } from '@samgpu/testing';
import { missingDevice, openTestDevice, runKernel } from '@samgpu/testing/gpu';
import { describe, expect, test } from 'vitest';
import { ConvolutionError } from '../convolution/geometry.ts';
import { fromFloat16Bits, toFloat16Bits } from '../float16/float16.ts';
import { packTransposedWeight, type TransposedConvolutionSizes } from './pack-transposed-weight.ts';
import { transposedConvolutionReference } from './transposed-convolution.reference.ts';
import {
  chooseTransposedConvolution,
  transposedConvolution,
  type TransposedConvolutionOptions,
} from './transposed-convolution.ts';

const gpu = await openTestDevice();

const base = { batch: 1, height: 5, width: 6, channels: 8, outputs: 12 } as const;

const TILING: readonly TransposedConvolutionSizes[] = [
  { ...base, kernel: [2, 2], stride: [2, 2] }, // SAM's mask decoder
  { ...base, batch: 2, outputs: 4, kernel: [4, 4], stride: [4, 4] },
  { ...base, channels: 5, outputs: 3, kernel: [2, 3], stride: [2, 3] },
  { ...base, height: 1, width: 1, channels: 1, outputs: 1, kernel: [1, 1], stride: [1, 1] },
];

const OVERLAPPING: readonly TransposedConvolutionSizes[] = [
  { ...base, kernel: [3, 3], stride: [2, 2] },
  { ...base, batch: 2, channels: 6, outputs: 5, kernel: [4, 3], stride: [2, 1] },
  { ...base, kernel: [2, 1], stride: [3, 2] }, // with gaps
];

async function expectMatch(
  sizes: TransposedConvolutionSizes,
  options: TransposedConvolutionOptions,
): Promise<void> {
  const { batch, height, width, channels, outputs, kernel: kernelSize } = sizes;
  const { offset = 0, weightType = 'f32', bias = false, residual = false } = options;
  const x = seededValues(offset + batch * height * width * channels, 1);
  const weight = Float32Array.from(
    seededValues(channels * outputs * kernelSize[0] * kernelSize[1], 2),
  );
  const half = toFloat16Bits(weight);
  const isHalf = weightType === 'f16';
  const exact = isHalf ? fromFloat16Bits(half) : weight;
  const sums = transposedConvolutionReference(x.subarray(offset), exact, sizes);
  const biases = seededValues(outputs, 3);
  const residuals = seededValues(sums.length, 4);
  const kernel = transposedConvolution(sizes, options, gpu!.kernelDevice);
  const { y } = await runKernel(gpu!, kernel, {
    left: x,
    right: isHalf ? packTransposedWeight(half, sizes) : packTransposedWeight(weight, sizes),
    y: sums.length * 4,
    ...(bias ? { bias: biases } : {}),
    ...(residual ? { residual: residuals } : {}),
  });
  const expected = sums.map((sum, index) => {
    const value = sum + (bias ? biases[index % outputs]! : 0);
    const activated = options.activation === 'relu' ? Math.max(value, 0) : value;
    return activated + (residual ? residuals[index]! : 0);
  });
  // Each addition rounds a sum of at most a few: 2^-24 of it, twice that to be safe.
  const additions = channels * Math.ceil(kernelSize[0] / sizes.stride[0]) * kernelSize[1] + 8;
  expectClose(y!, expected, { what: kernel.label, limit: 2 ** -23 * additions, seed: 1 });
}

describe.skipIf(gpu === undefined)(`transposed convolution${missingDevice()}`, () => {
  test.each([
    ...TILING.flatMap((sizes) =>
      (['software', 'tiled-32'] as const).map((variant) => ({ ...sizes, variant })),
    ),
    ...OVERLAPPING.map((sizes) => ({ ...sizes, variant: 'direct' as const })),
    { ...TILING[0]!, variant: 'few-rows' as const },
  ])(
    '$variant: $batch of $height x $width x $channels to $outputs, kernel $kernel, stride $stride',
    ({ variant, ...sizes }) => expectMatch(sizes, { variant }),
  );

  test.each([TILING[0]!, TILING[2]!, OVERLAPPING[0]!, OVERLAPPING[1]!])(
    'adds a bias, an activation and a residual: $kernel, $stride',
    (sizes) => expectMatch(sizes, { bias: true, activation: 'relu', residual: true }),
  );

  test.each([TILING[0]!, OVERLAPPING[0]!])('takes half floats: $kernel, $stride', (sizes) =>
    expectMatch(sizes, { weightType: 'f16' }),
  );

  test.each([TILING[0]!, OVERLAPPING[0]!])('reads x from an offset on: $kernel, $stride', (sizes) =>
    expectMatch(sizes, { offset: 3 }),
  );

  test('refuses variants that the weight is not packed for', () => {
    const { kernelDevice } = gpu!;
    expect(chooseTransposedConvolution(OVERLAPPING[0]!, kernelDevice)).toBe('direct');
    expect(() =>
      transposedConvolution(OVERLAPPING[0]!, { variant: 'software' }, kernelDevice),
    ).toThrow(ConvolutionError);
    expect(() => transposedConvolution(TILING[0]!, { variant: 'direct' }, kernelDevice)).toThrow(
      ConvolutionError,
    );
    expect(() => packTransposedWeight(new Float32Array(4), TILING[0]!)).toThrow('got 4');
  });
});
