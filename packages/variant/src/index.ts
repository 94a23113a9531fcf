export {
  type Answer,
  type AnswerCount,
  type AnswerMode,
  type AnswerRequest,
  type AnswerRule,
  answerRule,
  answersTo,
} from './answers.ts';
export type * from './preprocess.ts';
export type * from './tracking.ts';
export {
  memoryInput,
  memoryOutput,
  tracePointTo,
  traceRecall,
  traceRemember,
  traceTrack,
  type TrackingSource,
  type TrackingVariant,
} from './trace-tracking.ts';
export { type FramePrompt, type PromptTensors, type PromptToken, TokenLabel } from './prompt.ts';
export type {
  Capabilities,
  DecoderOutput,
  EverythingDefaults,
  Licence,
  MaskOutput,
  Variant,
} from './variant.ts';
export {
  DECODER_OUTPUTS,
  type DecoderSizes,
  PROMPT_INPUTS,
  promptSpecs,
  promptTensors,
  traceDecoder,
  traceEncoder,
} from './trace-variant.ts';
export { VariantError, type VariantErrorCode } from './variant-error.ts';
export { checkWeightShapes, officialNames, type WeightNaming } from './weight-names.ts';
export type { BroughtWeights, WeightFile, WeightSource } from './weight-source.ts';
