export { Frame, type ImageSize } from './frame.ts';
export { preprocessImage, type PreprocessedImage } from './preprocess-image.ts';
