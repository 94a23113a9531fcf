export * from './everything/index.ts';
export * from './frames/index.ts';
export * from './geometry/index.ts';
export {
  DEFAULT_MAX_PIXELS,
  type ImageDataLike,
  ImageError,
  type ImageErrorCode,
  type ImageInput,
  type ImageSourceOptions,
  type PixelImage,
  readImage,
} from './image-source/index.ts';
export * from '@samgpu/mask';
export * from '@samgpu/matte';
export * from './segmenter/index.ts';
export type { OverlayTarget } from '@samgpu/webgpu';
export * from './text/index.ts';
export * from './track/index.ts';
export { OnnxError, type OnnxErrorCode } from '@samgpu/onnx';
export { GraphError } from '@samgpu/graph';
export { VariantError, type VariantErrorCode } from '@samgpu/variant';
export { WeightsError, type WeightsErrorCode } from '@samgpu/weights';
export {
  isSoftwareAdapter,
  missingGpu,
  WebGpuError,
  type WebGpuErrorCode,
} from '@samgpu/webgpu/availability';
