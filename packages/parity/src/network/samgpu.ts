/**
 * What the public API of samgpu does inside and does not export. Checks go through it, so that what is
 * compared with the official code is what users get.
 */
export { Frame } from '../../../samgpu/src/preprocess/frame.ts';
export { preprocessImage } from '../../../samgpu/src/preprocess/preprocess-image.ts';
export { resizeRows } from '../../../samgpu/src/preprocess/resize.ts';
export { SourceRows } from '../../../samgpu/src/preprocess/source-rows.ts';
export { upsamplingPath } from '../../../samgpu/src/segmenter/previous-mask.ts';
export { batchPrompts, type PromptBatch } from '../../../samgpu/src/segmenter/prompt-batch.ts';
