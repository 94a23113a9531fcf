export { httpGrounder, type HttpGrounderOptions } from './http/http-grounder.ts';
export type { GroundAnswer, GroundQuestion } from './http/protocol.ts';
export { phrasesOf } from './phrases.ts';
export {
  transformersGrounder,
  type TransformersGrounderOptions,
  type ZeroShotDetector,
} from './transformers/transformers-grounder.ts';
