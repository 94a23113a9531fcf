export type {
  EverythingMask,
  EverythingResult,
  EverythingTimes,
} from './everything/everything-result.ts';
export { type ExitCode, exitCodes } from './exit-code.ts';
export { run } from './run.ts';
export type {
  MaskResult,
  PictureFailure,
  PictureOutcome,
  PictureResult,
  PictureTimes,
} from './segment/picture-result.ts';
export type { TrackedFrameResult, TrackedMask } from './track/frame-record.ts';
