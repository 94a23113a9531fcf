export {
  type AdapterDescription,
  type AdapterReport,
  describeAdapter,
} from './device/describe-adapter.ts';
export type { DeviceOptions } from './device/open-device.ts';
export { isSoftwareAdapter } from './device/software-adapter.ts';
export { DeviceImage, type ImageStrip } from './image/device-image.ts';
export type { DeviceImages } from './image/device-images.ts';
export { DeviceMask, MASK_BITS_OFFSET, type PackedMask } from './image/device-mask.ts';
export type { OverlayStyle, OverlayTarget } from './image/draw-mask.ts';
export type { MaskEnlargement } from './image/enlarge-mask.ts';
export type { ExternalImage } from './image/import-texture.ts';
export type { HostImage, ImageResampling } from './image/resample-image.ts';
export type { OutlineLine, PlaneMatrix, StraightColor } from '@samgpu/kernels';
export {
  type MaskBits,
  OverlayPainter,
  type OverlayPainting,
  type PaintedLine,
  type PaintedShape,
} from './overlay/overlay-painter.ts';
export { UploadedMask } from './overlay/uploaded-mask.ts';
export type { DeviceMattes } from './matte/device-mattes.ts';
export type { ArenaLimits } from './memory/plan-arenas.ts';
export { type MemoryOptions, planMemory, type ProgramMemory } from './memory/plan-memory.ts';
export type { PlanDevice } from './plan/planner.ts';
export type { ProfileEntry, ProfileOptions } from './runtime/profile.ts';
export {
  createWebGpuBackend,
  type WebGpuBackend,
  type WebGpuBackendOptions,
} from './runtime/webgpu-backend.ts';
export type { ProgramInputs } from './runtime/program-inputs.ts';
export type { WebGpuProgram, WebGpuRunOptions } from './runtime/webgpu-program.ts';
export { WebGpuValue } from './runtime/webgpu-value.ts';
export type { TuneOptions, TuneProgress, TuningMeasurement } from './tuning/tune-graph.ts';
export type { TuningReport, VariantOptions } from './tuning/tuner.ts';
export type { VariantsOf, VariedKernel } from './variants/kernel-task.ts';
export { adapterKey, type TunedVariants } from './variants/tuned-variants.ts';
export { type SizeRange, type VariantRule } from './variants/variant-rule.ts';
export { WebGpuError, type WebGpuErrorCode, type WebGpuErrorSizes } from './webgpu-error.ts';
