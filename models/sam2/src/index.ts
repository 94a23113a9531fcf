export { bestAlternative, type Choose, singleAnswer, stability } from './choose-mask.ts';
export {
  hiera,
  type HieraConfig,
  type MemoryConfig,
  type Sam2Config,
  sam2Config,
  type Sam2Version,
} from './config.ts';
export { defineSam2, promptTokens } from './define-sam2.ts';
export { rotaryTable, sineCode } from './grid-codes.ts';
export {
  embedPatches,
  encodeBlocks,
  encodePlaces,
  hieraBlock,
  mapAttention,
  pooledAttention,
  projectPatches,
} from './hiera.ts';
export { type HieraBlock, hieraBlocks } from './hiera-blocks.ts';
export { huggingFaceNames } from './hugging-face-names.ts';
export {
  encodeImage,
  featuresFrom,
  type ImageFeatures,
  pyramid,
  stageMaps,
  withoutMemory,
} from './image-encoder.ts';
export { type Decoded, decodeMasks, upscale } from './mask-decoder.ts';
export {
  attendToItself,
  attendToMemories,
  attendToTokens,
  type Memories,
  memoryLayer,
} from './memory-attention.ts';
export { downsampleMasks, encodeMemory, remember, type RememberedMasks } from './memory-encoder.ts';
export { objectPointer, pointerCodes, pointerTokens, shrinkMask } from './object-pointer.ts';
export {
  sam20BasePlus,
  sam20Large,
  sam20Small,
  sam20Tiny,
  sam2BasePlus,
  sam2Large,
  sam2Small,
  sam2Tiny,
} from './sam2.ts';
export { weightShapes } from './weight-shapes.ts';
