export {
  type ImageEncoderConfig,
  maskDecoder,
  PROMPT_TOKENS,
  vitSmall,
  vitTiny,
} from './config.ts';
export {
  defineEfficientSam,
  efficientSamSmall,
  efficientSamTiny,
  preprocessing,
} from './efficient-sam.ts';
export { embedPatches, encodeImage, transformerBlock } from './image-encoder.ts';
export { attendToPrompts, decodeMasks, type DecoderPrompts } from './mask-decoder.ts';
export { encodeTokens, promptTokens } from './prompt-encoder.ts';
export { upscale } from './upscaling.ts';
export { weightShapes } from './weight-shapes.ts';
