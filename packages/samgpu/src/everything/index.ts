export type {
  EverythingOptions,
  EverythingProgress,
  SecondPassOptions,
} from './everything-options.ts';
export { type Everything, EverythingRun } from './everything-run.ts';
export type { EverythingTimings } from './find-everything.ts';
export type { FoundMask } from './found-mask.ts';
