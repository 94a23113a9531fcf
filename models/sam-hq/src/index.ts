export { defineHqSam, defineHqTinySam } from './define-hq-sam.ts';
export { fuseDetails } from './fuse-details.ts';
export { hqVitB, hqVitH, hqVitL, hqVitTiny } from './hq-sam.ts';
export { type EncodedImage, encodeTinyVit, encodeVit } from './image-encoder.ts';
export { attendWithDetails, decodeMasks } from './mask-decoder.ts';
export { maskDecoderShapes, tinyVitWeightShapes, vitWeightShapes } from './weight-shapes.ts';
