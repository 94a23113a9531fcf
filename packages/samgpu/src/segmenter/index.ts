export type { BackendChoice, BackendInfo } from './choose-backend.ts';
export { EncodedImage, type EncodeTimings } from './encoded-image.ts';
export type { WeightInput } from './open-given-weights.ts';
export { openVariantWeights, type VariantWeightsOptions } from './open-weights.ts';
export { GpuMask, type GpuOverlayOptions } from './gpu-mask.ts';
export { GpuSegmentation } from './gpu-segmentation.ts';
export type { Progress, ProgressListener } from './progress.ts';
export type {
  GpuSegmentOptions,
  Prompt,
  Segmentation,
  SegmentOptions,
  SegmentTimings,
} from './prompt.ts';
export type { OnSegmenterWarning, SegmenterWarning } from './no-room.ts';
export {
  type EncodeOptions,
  type LoadTimings,
  Segmenter,
  type SegmenterOptions,
} from './segmenter.ts';
export type { ImageProcessing } from './source-image.ts';
export { type ModelTuning, tuneModel, type TuneModelOptions } from './tune-model.ts';
export { SegmenterError, type SegmenterErrorCode } from './segmenter-error.ts';
