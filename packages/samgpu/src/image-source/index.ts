export { readImage } from '#image-source';
export { ImageError, type ImageErrorCode } from './image-error.ts';
export {
  DEFAULT_MAX_PIXELS,
  type ImageDataLike,
  type ImageInput,
  type ImageSourceOptions,
} from './image-input.ts';
export { assertPixelImage, type PixelImage } from './pixel-image.ts';
