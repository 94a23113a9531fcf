import {
  ceilToFour,
  ConvolutionError,
  type ConvolutionSizes,
  foldColumns,
  isDepthwise,
  resolveConvolution,
} from './geometry.ts';

type WeightArray = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int8Array<ArrayBuffer>;

/** Elements of a packed weight: rows of the product that a convolution is, and their length. */
export function packedConvolutionSize(sizes: ConvolutionSizes): [rows: number, columns: number] {
  const geometry = foldColumns(resolveConvolution(sizes));
  const taps = geometry.kernel[0] * geometry.kernel[1];
  const depth = isDepthwise(geometry) ? 1 : ceilToFour(geometry.groupChannels);
  return [taps * depth, ceilToFour(geometry.outputs)];
}

/**
 * A convolution's weight as the kernel reads it: taps, then input channels, then output channels,
 * the last two padded with zeros to multiples of four. A kernel per channel has no axis of input
 * channels.
 *
 * @param weight - [outputs, channels / groups, kernelHeight, kernelWidth], as checkpoints have it:
 *   f32, the bits of f16, or int8
 * @returns of the same type, as many elements as `packedConvolutionSize` says
 * @throws ConvolutionError if the weight does not have that many elements
 */
export function packConvolutionWeight<Weight extends WeightArray>(
  weight: Weight,
  sizes: ConvolutionSizes,
): Weight {
  const { outputs, kernel, groupChannels } = resolveConvolution(sizes);
  const taps = kernel[0] * kernel[1];
  if (weight.length !== outputs * groupChannels * taps) {
    throw new ConvolutionError(
      `a weight of [${outputs}, ${groupChannels}, ${kernel.join(', ')}] has ` +
        `${outputs * groupChannels * taps} elements, got ${weight.length}`,
    );
  }
  const geometry = foldColumns(resolveConvolution(sizes));
  const folds = geometry.kernel[1] !== kernel[1];
  const [rows, columns] = packedConvolutionSize(sizes);
  const depth = rows / (geometry.kernel[0] * geometry.kernel[1]);
  const Type = weight.constructor as new (length: number) => Weight;
  const packed = new Type(rows * columns);
  for (let output = 0, from = 0; output < outputs; output++) {
    for (let channel = 0; channel < groupChannels; channel++) {
      for (let tap = 0; tap < taps; tap++, from++) {
        const row = folds
          ? Math.floor(tap / kernel[1]) * depth + (tap % kernel[1]) * groupChannels + channel
          : tap * depth + channel;
        packed[row * columns + output] = weight[from]!;
      }
    }
  }
  return packed;
}
