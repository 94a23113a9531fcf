export { Matte, type ForegroundOptions } from './matte.ts';
export { matte, type MatteOptions, type MatteProgress } from './make-matte.ts';
export type {
  MatteCells,
  MatteDevice,
  MatteRules,
  MatteRun,
  MatteTask,
  MatteTile,
} from './matte-device.ts';
