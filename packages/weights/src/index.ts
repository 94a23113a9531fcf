export { blobSource, type ByteSource, memorySource } from './byte-source.ts';
export type { ContentDigest, VerifyOptions } from './digest.ts';
export type {
  CachedFile,
  CachedModel,
  FileWriter,
  ModelCache,
  WriteOptions,
} from './cache/model-cache.ts';
export type { FileRecord } from './cache/file-record.ts';
export type { ModelWarning, OnModelWarning } from './cache/model-warning.ts';
export { type ModelCacheOptions, openModelCache } from './cache/open-model-cache.ts';
export { openTextStore, type TextStore } from './cache/text-store.ts';
export { loadModelFile, type LoadModelFileOptions } from './download/load-model-file.ts';
export { type ModelFile, modelFileKey } from './download/model-file.ts';
export type { ModelProgress, OnModelProgress } from './download/model-progress.ts';
export type { RetryOptions } from './download/retry.ts';
export { dequantize, dequantized, readFloat32 } from './dequantize.ts';
export { dtypeSize, type WeightDtype } from './dtype.ts';
export { type FetchOptions, type FetchProgress, fetchSource } from './fetch-source.ts';
export { openFileSource } from './file-source.ts';
export { isFolderManifest, parseFolderManifest } from './folder-manifest.ts';
export {
  openWeightFolder,
  type WeightFolder,
  type WeightFolderOptions,
} from './open-weight-folder.ts';
export { isShardIndex, openLocalWeights } from './open-local-weights.ts';
export { openWeights, type OpenWeightsOptions } from './open-weights.ts';
export { openPyTorch, type PyTorchOptions } from './pytorch/open-pytorch.ts';
export { renameTensors } from './rename-tensors.ts';
export { openSafetensors, type SafetensorsOptions } from './safetensors.ts';
export { openShardedSafetensors, type ShardedSafetensorsOptions } from './sharded-safetensors.ts';
export { toFloat32 } from './to-float32.ts';
export type {
  ChannelScales,
  ChunkOptions,
  FilePlace,
  OpenWeights,
  WeightInfo,
  WeightStore,
} from './weight-store.ts';
export { WeightsError, type WeightsErrorCode } from './weights-error.ts';
export {
  type ConversionOptions,
  type ConvertedWeights,
  convertWeights,
  type KeptTensor,
  type TargetDtype,
} from './write/convert-weights.ts';
export {
  type CreateFile,
  type FileSink,
  writeFile,
  writeTextFile,
  type WrittenFile,
} from './write/file-sink.ts';
export { toFloat16 } from './write/to-float16.ts';
export { tensorBytes } from './write/safetensors-layout.ts';
export { type TensorToWrite, writeSafetensors } from './write/write-safetensors.ts';
export {
  writeShardedSafetensors,
  type WriteShardedOptions,
} from './write/write-sharded-safetensors.ts';
