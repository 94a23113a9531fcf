export { openBrowserImage, readImage } from '#image-source';
export { ImageError, type ImageErrorCode } from './image-error.ts';
export {
  type BrowserImage,
  DEFAULT_MAX_PIXELS,
  type ImageDataLike,
  type ImageInput,
  type ImageSourceOptions,
  isTexture,
} from './image-input.ts';
export { assertPixelImage, type PixelImage } from './pixel-image.ts';
