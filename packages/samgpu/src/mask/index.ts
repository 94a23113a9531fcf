export { bitmapArea, bitmapBounds, bitmapFrom, createBitmap, type Bitmap } from './bitmap.ts';
export { MaskError, type MaskErrorCode } from './mask-error.ts';
export { rleIntersection, rleIou, rleUnion } from './run-length-sets.ts';
export { fromCompressedRle, toCompressedRle, type CompressedRle } from './run-length-text.ts';
export { assertRle, decodeRle, encodeRle, rleArea, rleBounds, type Rle } from './run-length.ts';
export { stabilityScore, type StabilityOptions } from './stability-score.ts';
export { upsampleLogits, type UpsampledMask, type UpsampleOptions } from './upsample-logits.ts';
export type { DirectPath, Logits, TwoStepPath, UpsamplingPath } from './upsampling-path.ts';
