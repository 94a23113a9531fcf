/** A convolution of `x [batch, height, width, channels]`. Pairs are `[y, x]`. */
export interface ConvolutionSizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Channels of the output. */
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  /** By default 1. */
  readonly stride?: readonly [number, number];
  /** Zeros added at top, left, bottom, right. By default none. */
  readonly padding?: readonly [number, number, number, number];
  /** By default 1. */
  readonly dilation?: readonly [number, number];
  /** By default 1. */
  readonly groups?: number;
}

/** Sizes that do not make a convolution. */
export class ConvolutionError extends Error {
  override readonly name = 'ConvolutionError';
  readonly code = 'convolution';
}

export interface ResolvedConvolution extends Required<ConvolutionSizes> {
  readonly outHeight: number;
  readonly outWidth: number;
  /** Of the output, of all images. */
  readonly pixels: number;
  /** Input and output channels of a group. */
  readonly groupChannels: number;
  readonly groupOutputs: number;
}

/**
 * Fills in what sizes leave out, and the size of the output.
 *
 * @throws ConvolutionError if channels do not divide into groups, or a kernel does not fit
 */
export function resolveConvolution(sizes: ConvolutionSizes): ResolvedConvolution {
  const { batch, height, width, channels, outputs, kernel, groups = 1 } = sizes;
  const { stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1] } = sizes;
  const outSize = (axis: 0 | 1, length: number): number => {
    const room = length + padding[axis] + padding[axis + 2]!;
    return Math.floor((room - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
  };
  const outHeight = outSize(0, height);
  const outWidth = outSize(1, width);
  if (channels % groups !== 0 || outputs % groups !== 0) {
    throw new ConvolutionError(
      `convolution of ${channels} channels into ${outputs} in ${groups} groups: ` +
        'wanted groups that divide both',
    );
  }
  if (!(outHeight > 0 && outWidth > 0)) {
    throw new ConvolutionError(
      `convolution of ${height}x${width} with a kernel of ${kernel.join('x')}, dilation ` +
        `${dilation.join('x')} and padding ${padding.join(', ')}: the kernel does not fit`,
    );
  }
  return {
    ...sizes,
    groups,
    stride,
    padding,
    dilation,
    outHeight,
    outWidth,
    pixels: batch * outHeight * outWidth,
    groupChannels: channels / groups,
    groupOutputs: outputs / groups,
  };
}

/**
 * The same convolution with the pixels that a row of its kernel covers taken for one of more
 * channels, where rows of kernels do not overlap: NHWC has them side by side. Patch embeddings have
 * 48 channels then instead of 3.
 */
export function foldColumns(sizes: ResolvedConvolution): ResolvedConvolution {
  const { kernel, stride, padding, dilation, groups, width, channels } = sizes;
  const fold = kernel[1];
  const canFold =
    fold > 1 &&
    stride[1] === fold &&
    dilation[1] === 1 &&
    groups === 1 &&
    padding[1] === 0 &&
    padding[3] === 0 &&
    width % fold === 0;
  if (!canFold) return sizes;
  return {
    ...sizes,
    width: width / fold,
    channels: channels * fold,
    groupChannels: channels * fold,
    kernel: [kernel[0], 1],
    stride: [stride[0], 1],
  };
}

/** A kernel per channel, in vectors of four channels. */
export function isDepthwise({ groups, channels, outputs }: ResolvedConvolution): boolean {
  return groups === channels && outputs === channels && channels % 4 === 0;
}

export function ceilToFour(count: number): number {
  return Math.ceil(count / 4) * 4;
}
