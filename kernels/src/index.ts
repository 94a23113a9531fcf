export { describeDevice } from './describe-device.ts';
export {
  type Binding,
  type Kernel,
  type KernelDevice,
  MINIMAL_DEVICE,
  type SubgroupMatrixConfiguration,
} from './kernel.ts';
export {
  type Specialization,
  specialize,
  SpecializeError,
  spreadWorkgroups,
} from './specialize.ts';

export { type Activation, ACTIVATIONS } from './activation/activation.ts';
export {
  BINARY_KINDS,
  binaryKernel,
  type BinaryOptions,
  clampCastKernel,
  type ClampCastOptions,
  type ElementType,
  type ElementwiseKind,
  unaryKernel,
  type UnaryOptions,
  whereKernel,
  type WhereOptions,
} from './elementwise/elementwise.ts';
export {
  chooseConvolution,
  convolution,
  CONVOLUTION_VARIANTS,
  type ConvolutionOptions,
  type ConvolutionVariant,
  convolutionVariants,
} from './convolution/convolution.ts';
export { ConvolutionError, type ConvolutionSizes } from './convolution/geometry.ts';
export {
  packConvolutionWeight,
  packedConvolutionSize,
} from './convolution/pack-convolution-weight.ts';
export { gatherKernel, type GatherOptions } from './gather/gather.ts';
export { type ImageKernel, packTaps, type ResamplingTaps, tapCount } from './image/image-kernel.ts';
export {
  LAYER_SOURCE,
  maskCoverageDrawing,
  type MaskCoverageOptions,
  outlineDrawing,
  outlineMargin,
  type OutlineDrawingOptions,
  type OutlineLine,
  type PlaneMatrix,
  type StraightColor,
} from './image/outline-drawing.ts';
export {
  type OverlayColor,
  type OverlayDrawing,
  overlayDrawing,
  type OverlayDrawingOptions,
  overlayKernel,
  type OverlayKernelOptions,
  type OverlayLook,
} from './image/overlay.ts';
export {
  type ResampleArithmetic,
  resampleColumnsKernel,
  type ResampleColumnsOptions,
  resampleRowsKernel,
  type ResampleRowsOptions,
  resampleType,
} from './image/resample.ts';
export { textureToPixelsKernel, type TextureToPixelsOptions } from './image/texture-to-pixels.ts';
export {
  MASK_COUNT_WORDS,
  type MaskCounts,
  maskRowWords,
  readMaskCounts,
  thresholdMaskKernel,
  type ThresholdMaskOptions,
} from './image/threshold-mask.ts';
export { layerNormKernel, type LayerNormOptions } from './layer-norm/layer-norm.ts';
export {
  advanceSolutionKernel,
  COURSE_STAGES,
  flagBlocksKernel,
  settleCourseKernel,
  startSolvingKernel,
  turnDirectionKernel,
} from './matte/conjugate-gradients.ts';
export { estimateTilesKernel, type EstimateOptions, writeLevelsKernel } from './matte/estimate.ts';
export {
  fitWindowsKernel,
  invertDiagonalKernel,
  multiplyLaplacianKernel,
} from './matte/laplacian.ts';
export type {
  ClosedFormRules,
  EstimateRules,
  LevelRules,
  SeparationRules,
} from './matte/matte-rules.ts';
export {
  levelRowWords,
  type MatteTile,
  newCourses,
  packTiles,
  TILE_BLOCK,
  type TileBatch,
} from './matte/matte-tiles.ts';
export {
  CELL_MOMENTS,
  type CellGrid,
  cellMomentsKernel,
  LINE_NUMBERS,
  packCells,
  type SampledCells,
  separateCellsKernel,
  type SeparationWindow,
  smoothLinesKernel,
} from './matte/separation.ts';
export { pooledSize, poolKernel, type PoolOptions } from './pool/pool.ts';
export { REDUCE_KINDS, reduceKernel, type ReduceOptions } from './reduce/reduce.ts';
export { resizeKernel, type ResizeOptions } from './resize/resize.ts';
export { softmaxKernel, type SoftmaxOptions } from './softmax/softmax.ts';
export { padKernel, type PadOptions } from './strided-copy/pad.ts';
export { copyKernel, type CopyOptions } from './strided-copy/strided-copy.ts';
export {
  packedTransposedSize,
  packTransposedWeight,
  type TransposedConvolutionSizes,
} from './transposed-convolution/pack-transposed-weight.ts';
export {
  chooseTransposedConvolution,
  TRANSPOSED_CONVOLUTION_VARIANTS,
  transposedConvolution,
  type TransposedConvolutionOptions,
  type TransposedConvolutionVariant,
  transposedConvolutionVariants,
} from './transposed-convolution/transposed-convolution.ts';
export { AxesError, MAXIMUM_AXES } from './view/axes.ts';
export { broadcastView, denseView, elementCount, type View, viewExtent } from './view/view.ts';

export { type Epilogue } from './epilogue/epilogue.ts';
export { fromFloat16Bits, toFloat16Bits } from './float16/float16.ts';
export {
  chooseLinear,
  linear,
  type LinearOptions,
  type LinearSizes,
  type LinearWeightType,
} from './linear/linear.ts';
export {
  packedLinearSize,
  packLinearWeight,
  type QuantizedWeight,
  quantizeLinearWeight,
  wantsPanels,
} from './linear/pack-linear-weight.ts';
export { matmul, type MatmulOptions, type MatmulSizes } from './matmul/matmul.ts';
export { type MatrixView, ProductError } from './matmul/product.ts';
export {
  chooseProduct,
  PRODUCT_VARIANTS,
  type ProductSizes,
  type ProductVariant,
  productVariants,
} from './matmul/variant.ts';

export { attention, type AttentionOptions, type AttentionSizes } from './attention/attention.ts';
export { AttentionError, type RowsView } from './attention/link-attention.ts';
export {
  ATTENTION_VARIANTS,
  type AttentionExtent,
  type AttentionVariant,
  chooseAttention,
  chooseWindowAttention,
  windowAttentionVariants,
} from './attention/variant.ts';
export {
  type Extent,
  windowAttention,
  type WindowAttentionOptions,
  type WindowAttentionSizes,
} from './attention/window-attention.ts';
export {
  relativePositions,
  type RelativePositionsOptions,
  type RelativePositionsSizes,
} from './relative-positions/relative-positions.ts';
export { axialRotaryTable, rotary, type RotarySizes } from './rotary/rotary.ts';
