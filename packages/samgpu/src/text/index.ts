export type { GroundedBox, Grounder, GroundOptions } from './grounder.ts';
export { GrounderError, type GrounderErrorCode } from './grounder-error.ts';
export type {
  TextMask,
  TextOptions,
  TextProgress,
  TextResult,
  TextTimings,
} from './text-options.ts';
