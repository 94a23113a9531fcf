export { blobSource, type ByteSource, memorySource } from './byte-source.ts';
export { dtypeSize, type WeightDtype } from './dtype.ts';
export { openFileSource } from './file-source.ts';
export { openSafetensors, type SafetensorsOptions } from './safetensors.ts';
export { toFloat32 } from './to-float32.ts';
export type { ChunkOptions, OpenWeights, WeightInfo, WeightStore } from './weight-store.ts';
export { WeightsError, type WeightsErrorCode } from './weights-error.ts';
