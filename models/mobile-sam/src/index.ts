export {
  attentionBlock,
  distanceBias,
  windowAttention,
  type WindowAttention,
} from './attention-block.ts';
export { convolutionBlock, embedPatches, mergePatches } from './convolution-blocks.ts';
export { tinyVit, type TinyVitConfig, type TinyVitLayer } from './config.ts';
export { encodeImage, encodeLayers } from './image-encoder.ts';
export { defineMobileSam, mobileSam } from './mobile-sam.ts';
export { imageEncoderShapes, weightShapes } from './weight-shapes.ts';
