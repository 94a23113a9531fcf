export {
  type BackendName,
  BACKEND_NAMES,
  type Engine,
  openEngine,
  type Outputs,
  runOnce,
} from './core/engine.ts';
export type { CaseFolder, CaseIdentity, Family } from './core/family.ts';
export {
  channelsFirst,
  channelsLast,
  leadingBlock,
  toWindows,
  type Windows,
} from './core/layout.ts';
export {
  type CaseResult,
  type NotCompared,
  type StageResult,
  UnreadableCaseError,
  UnsupportedCaseError,
} from './core/result.ts';
export { runCase, type RunOptions } from './core/run-case.ts';
export { compared, type Limit, StageList } from './core/stage-list.ts';
export { type DecoderPrompt, promptValues, type Token } from './network/prompt-values.ts';
export { families } from './families/index.ts';
