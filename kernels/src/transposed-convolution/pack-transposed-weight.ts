import { ceilToFour, ConvolutionError } from '../convolution/geometry.ts';

/** A transposed convolution of `x [batch, height, width, channels]`. Pairs are `[y, x]`. */
export interface TransposedConvolutionSizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Channels of the output. */
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
}

/** Whether every output pixel comes from one pixel: the kernels of neighbours touch but do not overlap. */
export function tilesOutput({ kernel, stride }: TransposedConvolutionSizes): boolean {
  return kernel[0] === stride[0] && kernel[1] === stride[1];
}

/** Elements of a packed weight: rows of the product that the convolution is, and their length. */
export function packedTransposedSize(
  sizes: TransposedConvolutionSizes,
): [rows: number, columns: number] {
  const taps = sizes.kernel[0] * sizes.kernel[1];
  const rows = ceilToFour(sizes.channels);
  const columns = ceilToFour(sizes.outputs);
  return tilesOutput(sizes) ? [rows, taps * columns] : [taps * rows, columns];
}

/**
 * A transposed convolution's weight as the kernel reads it, channels padded with zeros to multiples
 * of four: input channels, taps, output channels where the kernel is as large as its stride, else
 * taps, input channels, output channels.
 *
 * @param weight - [channels, outputs, kernelHeight, kernelWidth], as checkpoints have it: f32, or
 *   the bits of f16
 * @throws ConvolutionError if the weight does not have that many elements
 */
export function packTransposedWeight<
  Weight extends Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
>(weight: Weight, sizes: TransposedConvolutionSizes): Weight {
  const { channels, outputs, kernel } = sizes;
  const taps = kernel[0] * kernel[1];
  if (weight.length !== channels * outputs * taps) {
    throw new ConvolutionError(
      `a weight of [${channels}, ${outputs}, ${kernel.join(', ')}] has ` +
        `${channels * outputs * taps} elements, got ${weight.length}`,
    );
  }
  const [rows, columns] = packedTransposedSize(sizes);
  const Type = weight.constructor as new (length: number) => Weight;
  const packed = new Type(rows * columns);
  const tiles = tilesOutput(sizes);
  const tapStep = (tiles ? 1 : ceilToFour(channels)) * ceilToFour(outputs);
  for (let channel = 0, from = 0; channel < channels; channel++) {
    for (let output = 0; output < outputs; output++) {
      for (let tap = 0; tap < taps; tap++, from++) {
        packed[channel * columns + tap * tapStep + output] = weight[from]!;
      }
    }
  }
  return packed;
}
