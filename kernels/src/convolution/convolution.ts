import { type Epilogue, linkEpilogue } from '../epilogue/epilogue.ts';
import type { Binding, Kernel, KernelDevice } from '../kernel.ts';
import { type LinearWeightType, rightFactor } from '../linear/linear.ts';
import { product } from '../matmul/product.ts';
import {
  chooseProduct,
  PRODUCT_VARIANTS,
  productVariants,
  type ProductVariant,
} from '../matmul/variant.ts';
import { stepGrid } from '../view/grid.ts';
import { source as slidingSource } from './depthwise-sliding.wgsl.ts';
import { source as depthwiseSource } from './depthwise.wgsl.ts';
import { source as directSource } from './direct.wgsl.ts';
import {
  ceilToFour,
  ConvolutionError,
  type ConvolutionSizes,
  foldColumns,
  isDepthwise,
  type ResolvedConvolution,
  resolveConvolution,
} from './geometry.ts';
import { source as geometrySource } from './geometry.wgsl.ts';
import { source as windowsSource } from './left-windows.wgsl.ts';
import { packedConvolutionSize } from './pack-convolution-weight.ts';
import { source as scalarPixelsSource } from './pixels-scalar.wgsl.ts';
import { source as pixelsSource } from './pixels.wgsl.ts';
import { source as sharedPixelsSource } from './software-pixels-shared.wgsl.ts';
import { source as ownPixelsSource } from './software-pixels.wgsl.ts';
import { source as softwareSource } from './software.wgsl.ts';

/**
 * - `depthwise`: a kernel per channel, four pixels per invocation
 * - `direct`: any groups, one pixel of four channels per invocation
 * - `software`: one group, registers only, for adapters that run on a CPU
 * - the others are products whose left factor, the windows, is never stored
 */
export type ConvolutionVariant = 'depthwise' | 'direct' | ProductVariant;

export const CONVOLUTION_VARIANTS: readonly ConvolutionVariant[] = [
  'depthwise',
  'direct',
  ...PRODUCT_VARIANTS,
];

export interface ConvolutionOptions extends Epilogue {
  /** A kernel per channel takes f32 only. By default `f32`. */
  readonly weightType?: LinearWeightType;
  /** Where x begins in its buffer, in elements. By default 0. */
  readonly offset?: number;
  /** Where the packed weight begins, in elements: a multiple of 4. By default 0. */
  readonly weightOffset?: number;
  /** By default what {@link chooseConvolution} says. */
  readonly variant?: ConvolutionVariant;
}

// Output pixels and output channels that a workgroup of software.wgsl makes.
const SOFTWARE_PIXELS = 8;
const SOFTWARE_COLUMNS = 32;
const DEPTHWISE_PIXELS = 4;

/** The variant that is likely to be the quickest. */
export function chooseConvolution(
  sizes: ConvolutionSizes,
  device: KernelDevice,
): ConvolutionVariant {
  const geometry = foldColumns(resolveConvolution(sizes));
  if (isDepthwise(geometry)) return 'depthwise';
  if (geometry.groups > 1) return 'direct';
  const [depth, columns] = packedConvolutionSize(sizes);
  return chooseProduct({ rows: geometry.pixels, depth, columns }, device);
}

/** The variants that a device has for a convolution, all of the same packed weight. */
export function convolutionVariants(
  sizes: ConvolutionSizes,
  device: KernelDevice,
): readonly ConvolutionVariant[] {
  const geometry = foldColumns(resolveConvolution(sizes));
  if (isDepthwise(geometry)) return ['depthwise'];
  return geometry.groups > 1 ? ['direct'] : ['direct', ...productVariants(device)];
}

/**
 * A convolution of NHWC images, with an activation and a residual if they are asked for.
 *
 * One of 1x1 with stride 1 is `linear` over pixels, which is quicker.
 *
 * Bindings: `x` [batch, height, width, channels] f32, dense, `right` the weight as
 * `packConvolutionWeight` gives it, `y` [batch, outHeight, outWidth, outputs] f32, then, if they are
 * asked for, `bias` [outputs], `residual` of the shape of y and, with int8 weights, `scale`.
 * Sums are f32 always.
 *
 * @throws ConvolutionError for sizes that do not fit, and for what a kernel per channel cannot do
 */
export function convolution(
  sizes: ConvolutionSizes,
  options: ConvolutionOptions,
  device: KernelDevice,
): Kernel {
  const variant = options.variant ?? chooseConvolution(sizes, device);
  const geometry = foldColumns(resolveConvolution(sizes));
  switch (variant) {
    case 'depthwise':
      return depthwise(geometry, options, device);
    case 'direct':
    case 'software':
      return plain(variant, geometry, sizes, options, device);
    default:
      return implicitProduct(variant, geometry, sizes, options, device);
  }
}

function implicitProduct(
  variant: ProductVariant,
  geometry: ResolvedConvolution,
  sizes: ConvolutionSizes,
  options: ConvolutionOptions,
  device: KernelDevice,
): Kernel {
  assertOneGroup(variant, geometry);
  const [depth] = packedConvolutionSize(sizes);
  const pixels = pixelSource(geometry, options);
  return product(
    {
      name: `convolution ${geometry.kernel.join('x')}`,
      inner: 1,
      rows: geometry.pixels,
      depth,
      columns: geometry.outputs,
      left: {
        source: [windowsSource, geometrySource, pixels.source].join('\n'),
        constants: {
          ...geometryConstants(geometry),
          ...pixels.constants,
          DEPTH_PER_TAP: ceilToFour(geometry.channels),
        },
        binding: inputBinding(geometry, options),
      },
      right: packedWeight(sizes, options, device),
      epilogue: options,
      variant,
    },
    device,
  );
}

function plain(
  variant: 'direct' | 'software',
  geometry: ResolvedConvolution,
  sizes: ConvolutionSizes,
  options: ConvolutionOptions,
  device: KernelDevice,
): Kernel {
  const { pixels, outputs } = geometry;
  const right = packedWeight(sizes, options, device);
  const epilogue = linkEpilogue(pixels, outputs, options, right.scaled ?? false);
  const sharesPixels = variant === 'software' && hasSubgroupsOfFour(device);
  const features = [...(right.features ?? []), ...(sharesPixels ? ['subgroups'] : [])];
  const enable = features.map((feature) => `enable ${feature.replace('shader-', '')};\n`).join('');
  const shared = {
    ...describe(variant, geometry),
    bindings: [inputBinding(geometry, options), right.binding, ...epilogue.bindings],
    features,
  };
  const constants = {
    ...geometryConstants(geometry),
    ...right.constants,
    ...epilogue.constants,
    PIXELS: pixels,
    COLUMNS: outputs,
    DEPTH_PER_TAP: ceilToFour(geometry.groupChannels),
  };
  const parts = [geometrySource, right.source, epilogue.source];
  if (variant === 'software') {
    assertOneGroup(variant, geometry);
    const input = pixelSource(geometry, options);
    const reading = sharesPixels ? sharedPixelsSource : ownPixelsSource;
    const rows = Math.ceil(pixels / SOFTWARE_PIXELS);
    const layers = Math.ceil(rows / device.workgroupsPerDimension);
    return {
      ...shared,
      source: enable + [softwareSource, reading, input.source, ...parts].join('\n'),
      constants: { ...constants, ...input.constants },
      workgroups: [Math.ceil(outputs / SOFTWARE_COLUMNS), Math.ceil(rows / layers), layers],
    };
  }
  const grid = stepGrid(pixels * Math.ceil(outputs / 4), device);
  return {
    ...shared,
    source: enable + [directSource, ...parts].join('\n'),
    constants: {
      ...constants,
      CHANNELS: geometry.channels,
      X_OFFSET: options.offset ?? 0,
      GROUP_CHANNELS: geometry.groupChannels,
      GROUP_COLUMNS: geometry.groupOutputs,
      WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE,
    },
    workgroups: grid.workgroups,
  };
}

function depthwise(
  geometry: ResolvedConvolution,
  options: ConvolutionOptions,
  device: KernelDevice,
): Kernel {
  const { weightType = 'f32', weightOffset = 0 } = options;
  const { batch, channels, outHeight, outWidth, pixels, kernel, stride, dilation } = geometry;
  if (!isDepthwise(geometry) || weightType !== 'f32' || weightOffset !== 0) {
    throw new ConvolutionError(
      `convolution of ${channels} channels in ${geometry.groups} groups with ${weightType} weights ` +
        `at ${weightOffset}: a kernel per channel takes a multiple of 4 channels, and f32 from 0 on`,
    );
  }
  const input = pixelSource(geometry, options);
  if (input.source !== pixelsSource) {
    throw new ConvolutionError(
      'convolution with a kernel per channel: x must begin at a multiple of 4',
    );
  }
  const epilogue = linkEpilogue(pixels, channels, options, false);
  const rows = batch * outHeight;
  const steps = rows * Math.ceil(outWidth / DEPTHWISE_PIXELS) * (channels / 4);
  const grid = stepGrid(steps, device);
  const main = stride[1] === 1 && dilation[1] === 1 ? slidingSource : depthwiseSource;
  return {
    ...describe('depthwise', geometry),
    source: [main, geometrySource, input.source, epilogue.source].join('\n'),
    constants: {
      ...geometryConstants(geometry),
      ...input.constants,
      ...epilogue.constants,
      ROWS: rows,
      COLUMNS: channels,
      WORKGROUP_SIZE: grid.constants.WORKGROUP_SIZE,
    },
    bindings: [
      inputBinding(geometry, options),
      { name: 'right', access: 'read', bytes: kernel[0] * kernel[1] * channels * 4 },
      ...epilogue.bindings,
    ],
    workgroups: grid.workgroups,
  };
}

function describe(
  variant: ConvolutionVariant,
  geometry: ResolvedConvolution,
): Pick<Kernel, 'label' | 'flops'> {
  const { kernel, height, width, channels, outputs, pixels, groupChannels } = geometry;
  return {
    label: `convolution ${kernel.join('x')} ${variant} ${height}x${width}x${channels} to ${outputs}`,
    flops: 2 * pixels * outputs * groupChannels * kernel[0] * kernel[1],
  };
}

function packedWeight(
  sizes: ConvolutionSizes,
  options: ConvolutionOptions,
  device: KernelDevice,
): ReturnType<typeof rightFactor> {
  const [inputs, outputs] = packedConvolutionSize(sizes);
  const { weightType = 'f32', weightOffset = 0 } = options;
  return rightFactor({ rows: 1, inputs, outputs }, { weightType, weightOffset }, device);
}

function pixelSource(
  { channels }: ResolvedConvolution,
  { offset = 0 }: ConvolutionOptions,
): { readonly source: string; readonly constants: Record<string, number> } {
  const inFours = channels % 4 === 0 && offset % 4 === 0;
  return {
    source: inFours ? pixelsSource : scalarPixelsSource,
    constants: { CHANNELS: channels, X_OFFSET: offset },
  };
}

function inputBinding(
  { batch, height, width, channels }: ResolvedConvolution,
  { offset = 0 }: ConvolutionOptions,
): Binding {
  return { name: 'x', access: 'read', bytes: (offset + batch * height * width * channels) * 4 };
}

function geometryConstants(geometry: ResolvedConvolution): Record<string, number> {
  const { height, width, outHeight, outWidth, kernel, stride, padding, dilation } = geometry;
  return {
    HEIGHT: height,
    WIDTH: width,
    OUT_HEIGHT: outHeight,
    OUT_WIDTH: outWidth,
    KERNEL_HEIGHT: kernel[0],
    KERNEL_WIDTH: kernel[1],
    STRIDE_Y: stride[0],
    STRIDE_X: stride[1],
    PADDING_TOP: padding[0],
    PADDING_LEFT: padding[1],
    DILATION_Y: dilation[0],
    DILATION_X: dilation[1],
  };
}

function hasSubgroupsOfFour({ subgroupMinSize, subgroupMaxSize }: KernelDevice): boolean {
  return subgroupMinSize === 4 && subgroupMaxSize === 4;
}

function assertOneGroup(variant: ConvolutionVariant, { groups }: ResolvedConvolution): void {
  if (groups !== 1) {
    throw new ConvolutionError(
      `convolution ${variant} in ${groups} groups: wanted one, or the variant direct`,
    );
  }
}
