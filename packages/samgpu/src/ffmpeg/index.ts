export { FfmpegError, type FfmpegErrorCode } from './ffmpeg-error.ts';
export { ffmpegFrames, type FfmpegOptions, VideoFrames } from './ffmpeg-frames.ts';
