export { nanoConfig, type NanoConfig } from './config.ts';
export { encodeImage, type NanoFeatures } from './encoder.ts';
export { decodeMasks } from './mask-decoder.ts';
export { nano } from './nano.ts';
export { weightsBytes, weightsSha256, weightsUrl } from './weights.ts';
