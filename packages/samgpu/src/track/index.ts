export { Track, type PropagateOptions, type TrackOptions } from './track.ts';
export { TrackError, type TrackErrorCode } from './track-error.ts';
export type { TrackPrompt } from './track-prompt.ts';
export type { TrackedFrame, TrackedObject } from './tracked-frame.ts';
export type { TrackerRules } from './tracker-rules.ts';
