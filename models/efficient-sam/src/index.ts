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
export { encodeImage } from './image-encoder.ts';
export { decodeMasks, type DecoderPrompts } from './mask-decoder.ts';
export { encodeTokens, promptTokens } from './prompt-encoder.ts';
export { weightShapes } from './weight-shapes.ts';
