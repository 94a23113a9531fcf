export { type BlockConfig, type ImageEncoderConfig, maskDecoder, repVitM1 } from './config.ts';
export { defineEdgeSam, edgeSam } from './edge-sam.ts';
export { encodeImage, enlarge, fuseStages, stageEnds, stem } from './image-encoder.ts';
export { mixPixels, repVitBlock } from './rep-vit-block.ts';
export { stabilityScores } from './stability-scores.ts';
export { blockShapes, imageEncoderShapes, weightShapes } from './weight-shapes.ts';
