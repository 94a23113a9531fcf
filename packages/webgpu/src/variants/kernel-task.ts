import {
  ATTENTION_VARIANTS,
  type AttentionVariant,
  CONVOLUTION_VARIANTS,
  type ConvolutionVariant,
  type Kernel,
  type LinearWeightType,
  PRODUCT_VARIANTS,
  type ProductVariant,
  TRANSPOSED_CONVOLUTION_VARIANTS,
  type TransposedConvolutionVariant,
} from '@samgpu/kernels';

/** Kernels that come in several variants, with the variants of each. */
export interface VariantsOf {
  readonly linear: ProductVariant;
  readonly matmul: ProductVariant;
  readonly attention: AttentionVariant;
  readonly windowAttention: AttentionVariant;
  readonly convolution: ConvolutionVariant;
  readonly transposedConvolution: TransposedConvolutionVariant;
}

export type VariedKernel = keyof VariantsOf;

export const VARIANTS: { readonly [Name in VariedKernel]: readonly VariantsOf[Name][] } = {
  linear: PRODUCT_VARIANTS,
  matmul: PRODUCT_VARIANTS,
  attention: ATTENTION_VARIANTS,
  windowAttention: ATTENTION_VARIANTS,
  convolution: CONVOLUTION_VARIANTS,
  transposedConvolution: TRANSPOSED_CONVOLUTION_VARIANTS,
};

type ProductSize = 'rows' | 'depth' | 'columns';
type AttentionSize = 'heads' | 'queries' | 'keys' | 'width' | 'valueWidth' | 'relative';
type ConvolutionSize =
  | 'batch'
  | 'height'
  | 'width'
  | 'channels'
  | 'outputs'
  | 'kernelHeight'
  | 'kernelWidth'
  | 'strideHeight'
  | 'strideWidth';

/**
 * The sizes that make a variant quick or slow.
 *
 * - products are `[rows, depth]` by `[depth, columns]`, `batch` times
 * - attention is among `queries` and `keys` of `batch` images or `windows`; heads are `width` wide;
 *   `relative` is 1 with relative positions, else 0
 * - a convolution has `channels` in and `outputs` out
 */
export interface SizesOf {
  readonly linear: ProductSize;
  readonly matmul: 'batch' | ProductSize;
  readonly attention: 'batch' | AttentionSize;
  readonly windowAttention: 'windows' | AttentionSize;
  readonly convolution: ConvolutionSize | 'groups';
  readonly transposedConvolution: ConvolutionSize;
}

const PRODUCT_SIZES = ['rows', 'depth', 'columns'] as const;
const ATTENTION_SIZES = ['heads', 'queries', 'keys', 'width', 'valueWidth', 'relative'] as const;
const CONVOLUTION_SIZES = [
  'batch',
  'height',
  'width',
  'channels',
  'outputs',
  'kernelHeight',
  'kernelWidth',
  'strideHeight',
  'strideWidth',
] as const;

export const SIZES: { readonly [Name in VariedKernel]: readonly SizesOf[Name][] } = {
  linear: PRODUCT_SIZES,
  matmul: ['batch', ...PRODUCT_SIZES],
  attention: ['batch', ...ATTENTION_SIZES],
  windowAttention: ['windows', ...ATTENTION_SIZES],
  convolution: [...CONVOLUTION_SIZES, 'groups'],
  transposedConvolution: CONVOLUTION_SIZES,
};

/** A kernel that lowering asks for, before its variant is chosen. */
export interface KernelTask<Name extends VariedKernel = VariedKernel> {
  readonly kernel: Name;
  readonly sizes: { readonly [Size in SizesOf[Name]]: number };
  /** How the weight is stored; undefined where there is none. */
  readonly weights?: LinearWeightType;
  /** That the device has for these sizes, the usual one among them. All take the same operands. */
  readonly variants: readonly VariantsOf[Name][];
  /** What the kernel's own table says. */
  readonly usual: VariantsOf[Name];
  /** @throws an error of the kernels for a variant that cannot run after all */
  make(variant: VariantsOf[Name]): Kernel;
}

/** Equal for tasks between which the choice of a variant makes no difference. */
export function taskKey({ kernel, sizes, weights }: KernelTask): string {
  const values: Readonly<Record<string, number>> = sizes;
  return [kernel, weights ?? '', ...SIZES[kernel].map((size) => values[size])].join(' ');
}
