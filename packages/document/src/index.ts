export {
  composeDocument,
  renderBackground,
  type WorkOptions,
} from './background/compose-document.ts';
export { base64Parts } from './base64.ts';
export { previewDocument, scaleDocument } from './background/scale-document.ts';
export {
  COCO_CATEGORY,
  type CocoAnnotation,
  cocoAnnotation,
  type CocoCategory,
  type CocoExtras,
  type CocoFile,
  cocoFile,
  cocoHead,
  type CocoImage,
  type CocoObjectAttributes,
  type CocoSegmentation,
} from './coco/coco-file.ts';
export { type CocoDocument, type CocoPicture, readCoco } from './coco/read-coco.ts';
export { type CocoOptions, writeCoco } from './coco/write-coco.ts';
export { cutOut, type CutoutOptions, writeCutout } from './cutout/write-cutout.ts';
export { DocumentError, type DocumentErrorCode } from './document-error.ts';
export { fileNames } from './file-names.ts';
export { defaultLimits, type ReadLimits } from './limits.ts';
export { notesKeyword as maskPngKeyword } from './mask-png/mask-png-notes.ts';
export {
  type MaskPngFile,
  type MaskPngReadOptions,
  readMaskPng,
} from './mask-png/read-mask-png.ts';
export { type MaskPngOptions, writeMaskPng } from './mask-png/write-mask-png.ts';
export { readOpenRaster } from './openraster/read-openraster.ts';
export { openRasterType, writeOpenRaster } from './openraster/write-openraster.ts';
export {
  type Background,
  type ObjectMatte,
  type PictureDocument,
  type PictureObject,
  type ReadObject,
  withIds,
} from './picture-document.ts';
export { decodePng, type PngImage, pngToRgba } from './png/decode-png.ts';
export { encodeGreyPng, encodeIndexedPng, encodePng, type PngOptions } from './png/encode-png.ts';
export { projectType } from './project/project-file.ts';
export { readProject, type ReadProject } from './project/read-project.ts';
export { type ProjectOptions, writeProject } from './project/write-project.ts';
export { readPsd } from './psd/read-psd.ts';
export type { PsdOptions } from './psd/psd-layers.ts';
export { writePsd } from './psd/write-psd.ts';
export { openDocument, type OpenedDocument, type OpenOptions } from './open-document.ts';
export type { ReadPicture } from './read-picture.ts';
export { readSvg, type SvgDrawing } from './svg/read-svg.ts';
export {
  cocoTracks,
  type CocoTrackAnnotation,
  type CocoTracksOptions,
} from './tracks/coco-tracks.ts';
export { encodeLabelPng, trackLabels } from './tracks/label-png.ts';
export { motsTracks } from './tracks/mots-tracks.ts';
export type { TrackFrame, TrackFrames, TrackMask } from './tracks/track-frames.ts';
export { writeZip, type ZipFile } from './zip/write-zip.ts';
export { maskSvg, type SvgOptions, svgType, writeSvg } from './svg/write-svg.ts';
