import { ceilToFour, ConvolutionError } from '../convolution/geometry.ts';
import { source as scalarPixelsSource } from '../convolution/pixels-scalar.wgsl.ts';
import { source as pixelsSource } from '../convolution/pixels.wgsl.ts';
import { type Epilogue, linkEpilogue } from '../epilogue/epilogue.ts';
import type { Kernel, KernelDevice } from '../kernel.ts';
import { type LinearWeightType, rightFactor } from '../linear/linear.ts';
import { product } from '../matmul/product.ts';
import {
  chooseProduct,
  PRODUCT_VARIANTS,
  productVariants,
  type ProductVariant,
} from '../matmul/variant.ts';
import { stepGrid } from '../view/grid.ts';
import { source as directSource } from './direct.wgsl.ts';
import {
  packedTransposedSize,
  type TransposedConvolutionSizes,
  tilesOutput,
} from './pack-transposed-weight.ts';
import { source as scalarScatterSource } from './scatter-scalar.wgsl.ts';
import { source as scatterSource } from './scatter.wgsl.ts';

/** `direct`: any kernel and stride. The others are products, where both are equal. */
export type TransposedConvolutionVariant = 'direct' | ProductVariant;

export const TRANSPOSED_CONVOLUTION_VARIANTS: readonly TransposedConvolutionVariant[] = [
  'direct',
  ...PRODUCT_VARIANTS,
];

export interface TransposedConvolutionOptions extends Epilogue {
  /** By default `f32`; `int8` is not for this. */
  readonly weightType?: Exclude<LinearWeightType, 'int8'>;
  /** Where x begins in its buffer, in elements. By default 0. */
  readonly offset?: number;
  /** Where the packed weight begins, in elements: a multiple of 4. By default 0. */
  readonly weightOffset?: number;
  /** By default what {@link chooseTransposedConvolution} says. */
  readonly variant?: TransposedConvolutionVariant;
}

/** The variant that is likely to be the quickest. */
export function chooseTransposedConvolution(
  sizes: TransposedConvolutionSizes,
  device: KernelDevice,
): TransposedConvolutionVariant {
  if (!tilesOutput(sizes)) return 'direct';
  const [depth, columns] = packedTransposedSize(sizes);
  return chooseProduct({ rows: sizes.batch * sizes.height * sizes.width, depth, columns }, device);
}

/** The variants that a device has for a transposed convolution, all of the same packed weight. */
export function transposedConvolutionVariants(
  sizes: TransposedConvolutionSizes,
  device: KernelDevice,
): readonly TransposedConvolutionVariant[] {
  return tilesOutput(sizes) ? productVariants(device) : ['direct'];
}

/**
 * A transposed convolution of NHWC images without padding, with an activation and a residual if they
 * are asked for. Where the kernel is as large as its stride, outputs do not overlap, and it is one
 * matrix product whose results are stored as blocks of pixels.
 *
 * Bindings: `left` (x) [batch, height, width, channels] f32, dense, `right` the weight as
 * `packTransposedWeight` gives it, `y` [batch, (height - 1) * stride + kernelHeight, …, outputs] f32,
 * then, if they are asked for, `bias` [outputs] and `residual` of the shape of y. Sums are f32.
 *
 * @throws ConvolutionError for a product where outputs overlap
 */
export function transposedConvolution(
  sizes: TransposedConvolutionSizes,
  options: TransposedConvolutionOptions,
  device: KernelDevice,
): Kernel {
  const variant = options.variant ?? chooseTransposedConvolution(sizes, device);
  if (variant === 'direct') return direct(sizes, options, device);
  const { batch, height, width, channels, outputs, kernel } = sizes;
  if (!tilesOutput(sizes)) {
    throw new ConvolutionError(
      `transposed convolution ${variant} with kernel ${kernel.join('x')} and stride ` +
        `${sizes.stride.join('x')}: wanted equal ones, or the variant direct`,
    );
  }
  const [depth, columns] = packedTransposedSize(sizes);
  const rows = batch * height * width;
  return product(
    {
      name: `transposed-convolution ${kernel.join('x')}`,
      inner: 1,
      rows,
      depth: channels,
      columns,
      left: { offset: options.offset ?? 0 },
      right: packedWeight(depth, columns, options, device),
      epilogue: options,
      placement: {
        rows: rows * kernel[0] * kernel[1],
        columns: outputs,
        sources: { inFours: scatterSource, otherwise: scalarScatterSource },
        constants: {
          SOURCE_WIDTH: width,
          KERNEL_HEIGHT: kernel[0],
          KERNEL_WIDTH: kernel[1],
          OUTPUTS: outputs,
        },
      },
      variant,
    },
    device,
  );
}

function direct(
  sizes: TransposedConvolutionSizes,
  options: TransposedConvolutionOptions,
  device: KernelDevice,
): Kernel {
  const { batch, height, width, channels, outputs, kernel, stride } = sizes;
  const { offset = 0 } = options;
  if (tilesOutput(sizes)) {
    throw new ConvolutionError(
      `transposed convolution direct with kernel and stride ${kernel.join('x')}: the weight is ` +
        'packed for a product; leave the variant out',
    );
  }
  const outHeight = (height - 1) * stride[0] + kernel[0];
  const outWidth = (width - 1) * stride[1] + kernel[1];
  const pixels = batch * outHeight * outWidth;
  const right = packedWeight(...packedTransposedSize(sizes), options, device);
  const epilogue = linkEpilogue(pixels, outputs, options, false);
  const enable = right.features?.includes('shader-f16') === true ? 'enable f16;\n' : '';
  const inFours = channels % 4 === 0 && offset % 4 === 0;
  const input = inFours ? pixelsSource : scalarPixelsSource;
  const grid = stepGrid(pixels * Math.ceil(outputs / 4), device);
  return {
    label: `transposed-convolution ${kernel.join('x')} direct ${height}x${width}x${channels} to ${outputs}`,
    source: enable + [directSource, input, right.source, epilogue.source].join('\n'),
    constants: {
      ...right.constants,
      ...epilogue.constants,
      HEIGHT: height,
      WIDTH: width,
      OUT_HEIGHT: outHeight,
      OUT_WIDTH: outWidth,
      KERNEL_HEIGHT: kernel[0],
      KERNEL_WIDTH: kernel[1],
      STRIDE_Y: stride[0],
      STRIDE_X: stride[1],
      PIXELS: pixels,
      COLUMNS: outputs,
      CHANNELS: channels,
      X_OFFSET: offset,
      DEPTH_PER_TAP: ceilToFour(channels),
      WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE,
    },
    bindings: [
      { name: 'left', access: 'read', bytes: (offset + batch * height * width * channels) * 4 },
      right.binding,
      ...epilogue.bindings,
    ],
    workgroups: grid.workgroups,
    features: right.features ?? [],
    flops: 2 * batch * height * width * channels * outputs * kernel[0] * kernel[1],
  };
}

function packedWeight(
  inputs: number,
  outputs: number,
  { weightType = 'f32', weightOffset = 0 }: TransposedConvolutionOptions,
  device: KernelDevice,
): ReturnType<typeof rightFactor> {
  return rightFactor({ rows: 1, inputs, outputs }, { weightType, weightOffset }, device);
}
