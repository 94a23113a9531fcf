export type { FrameInput, FrameSource, VideoInput } from './frame-source.ts';
export { openVideo, type Video, type VideoOptions } from './video.ts';
export { missingFfmpeg, VideoError, type VideoErrorCode } from './video-error.ts';
