export { openDrawable, readImage } from '#image-source';
export { ImageError, type ImageErrorCode } from './image-error.ts';
export {
  DEFAULT_MAX_PIXELS,
  type Drawable,
  type ImageDataLike,
  type ImageInput,
  type ImageSourceOptions,
  isTexture,
} from './image-input.ts';
export { assertPixelImage, type PixelImage } from './pixel-image.ts';
