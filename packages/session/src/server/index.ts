export type { AccessRules } from './access.ts';
export {
  createEngineHandler,
  type EngineHandler,
  type EngineHandlerOptions,
} from './create-engine-handler.ts';
