export {
  type ImageEncoderConfig,
  maskDecoder,
  type MaskDecoderConfig,
  vitB,
  vitH,
  vitL,
} from './config.ts';
export {
  defineSam,
  type SamConventions,
  samConventions,
  type VariantIdentity,
} from './define-sam.ts';
export { huggingFaceNames, type NameRule } from './hugging-face-names.ts';
export {
  embedPatches,
  encodeBlocks,
  encodeImage,
  neck,
  relativeAttention,
  relativeTable,
  transformerBlock,
  WINDOW,
} from './image-encoder.ts';
export { below, type Entries, layerShapes, normShapes, transposedShapes } from './layer-shapes.ts';
export {
  attendToPrompts,
  attendWith,
  decodeMasks,
  masksFrom,
  perceptron,
  productsOf,
  upscale,
} from './mask-decoder.ts';
export {
  downscaleMask,
  encodeDense,
  encodeGrid,
  encodePositions,
  encodeTokens,
} from './prompt-encoder.ts';
export { clickTokens, cornerTokens, promptTokens } from './prompt-tokens.ts';
export { samVitB, samVitH, samVitL } from './sam.ts';
export {
  attend,
  attendToImage,
  attendToTokens,
  type TwoWayLayer,
  twoWayLayerOf,
  twoWayLayer,
  twoWayTransformer,
  type TwoWayState,
} from './two-way-transformer.ts';
export {
  attentionShapes,
  blockShapes,
  type BlockSizes,
  imageEncoderShapes,
  maskDecoderShapes,
  neckShapes,
  perceptronShapes,
  promptEncoderShapes,
  twoWayTransformerShapes,
  upscalingShapes,
  weightShapes,
  type WeightShapes,
} from './weight-shapes.ts';
