export {
  type ImageEncoderConfig,
  maskDecoder,
  type MaskDecoderConfig,
  vitB,
  vitH,
  vitL,
} from './config.ts';
export { encodeImage, relativeAttention, transformerBlock } from './image-encoder.ts';
export { attendToPrompts, decodeMasks, masksFrom, perceptron, upscale } from './mask-decoder.ts';
export { downscaleMask, encodeDense, encodeGrid, encodeTokens } from './prompt-encoder.ts';
export { twoWayTransformer, type TwoWayState } from './two-way-transformer.ts';
export {
  imageEncoderShapes,
  maskDecoderShapes,
  promptEncoderShapes,
  weightShapes,
  type WeightShapes,
} from './weight-shapes.ts';
