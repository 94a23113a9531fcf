export { bitmapArea, bitmapBounds, bitmapFrom, createBitmap, type Bitmap } from './bitmap.ts';
export type { Box } from './box.ts';
export {
  connectedComponents,
  keepComponentsAt,
  type Component,
  type ConnectedComponents,
  type ConnectivityOptions,
  type PixelPosition,
  type RleComponent,
} from './connected-components.ts';
export type { Connectivity } from './labelled-runs.ts';
export { distanceTransform, type DistanceOptions } from './distance-transform.ts';
export { MaskError, type MaskErrorCode } from './mask-error.ts';
export { packBits, packedBound, unpackBits } from './pack-bits.ts';
export { unpackRows } from './packed-rows.ts';
export { rasterizePolygons, type RasterizeOptions } from './rasterize-polygons.ts';
export { rleFromCocoPolygons } from './coco-polygons.ts';
export { rleDifference, rleIntersection, rleIou, rleUnion } from './run-length-sets.ts';
export { fromCompressedRle, toCompressedRle, type CompressedRle } from './run-length-text.ts';
export {
  assertRle,
  decodeRle,
  encodeRle,
  rleArea,
  rleBounds,
  rleComplement,
  type Rle,
} from './run-length.ts';
export {
  fillHoles,
  removeSmallRegions,
  type CleanedBitmap,
  type CleanedRle,
  type FillHolesOptions,
} from './small-regions.ts';
export { simplifyRing } from './simplify-ring.ts';
export { stabilityScore, type StabilityOptions } from './stability-score.ts';
export { toSvgPath } from './svg-path.ts';
export {
  tracePolygons,
  type Polygon,
  type Ring,
  type TraceOptions,
  type Vertex,
} from './trace-polygons.ts';
export { upsampleLogits, type UpsampledMask, type UpsampleOptions } from './upsample-logits.ts';
export type { Taps } from './resampling-taps.ts';
export {
  type DirectPath,
  type Logits,
  type TwoStepPath,
  type UpsamplingPath,
  type UpsamplingTaps,
  upsamplingTaps,
} from './upsampling-path.ts';
export { bitmapToLogits, type BitmapToLogitsOptions } from './bitmap-to-logits.ts';
export {
  Mask,
  type CutoutOptions,
  type Enlargement,
  type MadePixels,
  type MaskDetails,
  type MaskFromLogitsOptions,
  type SourceOptions,
} from './mask.ts';
export {
  type OutlineOptions,
  type OverlayOptions,
  overlayStyle,
  type OverlayStyle,
} from './overlay.ts';
export type { ReduceOptions } from './reduce-mask.ts';
export { type MaskImageOptions } from './render-mask.ts';
export {
  assertPixelSource,
  copyToRgba,
  type PixelSource,
  type RgbaColor,
  type RgbaImage,
  type RgbColor,
  toRgbaImage,
} from './rgba-image.ts';
export { isValidSize, type Size } from './size.ts';
export { pixelCorners, type BoxCorners } from './crops/box-corners.ts';
export { cropBoxes, type CropBox } from './crops/crop-boxes.ts';
export { isNearCropEdge, uncropBox, uncropPoint } from './crops/near-crop-edge.ts';
export { uncropMask } from './crops/uncrop-mask.ts';
export { coverageOf, type Coverage } from './coverage.ts';
export { pointGrid, pointGrids, type RelativePoint } from './point-grid.ts';
export { boxIou, boxNms, type BoxNmsOptions } from './suppression/box-nms.ts';
export { maskNms, type MaskNmsOptions } from './suppression/mask-nms.ts';
export { RleUpsampler, type RleUpsamplerOptions, type UpsampledRle } from './upsample-to-rle.ts';
export { distinctColors } from './distinct-colors.ts';
export { drawMasks, type DrawMasksOptions } from './draw-masks.ts';
export { labelMap } from './label-map.ts';
export { alphaBounds, type AlphaMask } from './alpha-mask.ts';
export { combineMasks, invertMask, type MaskCombination } from './combine-masks.ts';
export { growMask, shrinkMask } from './grow-mask.ts';
export { featherMask } from './feather-mask.ts';
export { smoothMask } from './smooth-mask.ts';
