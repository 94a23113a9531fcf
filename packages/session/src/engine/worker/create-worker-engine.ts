import type { Engine } from '../engine.ts';
import { RemoteEngine } from '../wire/remote-engine.ts';
import { WorkerCarrier } from './worker-carrier.ts';
import type { WorkerPort } from './worker-port.ts';

export interface WorkerEngineOptions {
  /** How long the worker may take to start, in milliseconds. @defaultValue 60 000 */
  readonly startTimeout?: number;
}

/**
 * An engine in a worker that calls `serveEngine`: the page stays responsive while models run.
 *
 * ```ts
 * const engine = createWorkerEngine(
 *   () => new Worker(new URL('./engine-worker.js', import.meta.url), { type: 'module' }),
 * );
 * ```
 *
 * @param worker - makes the worker, so that it can be started anew after it was lost; or the worker itself, which
 *   cannot. `dispose` ends it.
 */
export function createWorkerEngine(
  worker: WorkerPort | (() => WorkerPort),
  options: WorkerEngineOptions = {},
): Engine {
  return new RemoteEngine('worker', new WorkerCarrier(worker, options));
}
