export { TrackError, type TrackErrorCode } from './track-error.ts';
