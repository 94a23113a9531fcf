export { type BlockConfig, type ImageEncoderConfig, maskDecoder, repVitM1 } from './config.ts';
export { defineEdgeSam, edgeSam } from './edge-sam.ts';
export { encodeImage } from './image-encoder.ts';
export { repVitBlock } from './rep-vit-block.ts';
export { stabilityScores } from './stability-scores.ts';
export { weightShapes } from './weight-shapes.ts';
