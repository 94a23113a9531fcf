export { type ExitCode, exitCodes } from './exit-code.ts';
export { run } from './run.ts';
export type {
  MaskResult,
  PictureFailure,
  PictureOutcome,
  PictureResult,
  PictureTimes,
} from './segment/picture-result.ts';
