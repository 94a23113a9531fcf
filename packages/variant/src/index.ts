export type * from './preprocess.ts';
export { type FramePrompt, type PromptTensors, type PromptToken, TokenLabel } from './prompt.ts';
export type {
  Capabilities,
  DecoderOutput,
  Licence,
  MaskOutput,
  Variant,
  WeightFile,
} from './variant.ts';
export {
  DECODER_OUTPUTS,
  type DecoderSizes,
  PROMPT_INPUTS,
  traceDecoder,
  traceEncoder,
} from './trace-variant.ts';
