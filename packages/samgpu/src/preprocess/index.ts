export { deviceResampling } from './device-resampling.ts';
export { Frame, type ImageSize } from './frame.ts';
export { preprocessImage, type PreprocessedImage } from './preprocess-image.ts';
