import type { Engine } from '../engine.ts';
import { answerCall } from '../wire/answer-call.ts';
import type { WireEvent } from '../wire/messages.ts';
import { errorToWire } from '../wire/wire-errors.ts';
import { nextTask } from './next-task.ts';
import { buffersOf } from './transferables.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import { listen, type WorkerPort } from './worker-port.ts';

/**
 * Serves an engine to `createWorkerEngine` in another thread:
 *
 * ```ts
 * serveEngine(self, createEngine({ variants: [nano] }));
 * ```
 *
 * @param scope - the worker's global scope, or a port to the page; in Node `parentPort`
 */
export function serveEngine(scope: WorkerPort, engine: Engine): void {
  const running = new Map<number, AbortController>();
  const send = (message: FromWorker, transfer: Iterable<ArrayBuffer> = []): void =>
    scope.postMessage(message, [...transfer]);

  const answer = async (message: ToWorker & { kind: 'call' }): Promise<void> => {
    const { call, wants } = message;
    const controller = new AbortController();
    running.set(call, controller);
    const event = (event: WireEvent): void => {
      if (controller.signal.aborted) return;
      // What was found comes again with the result.
      send({ call, ...event }, event.kind === 'found' ? [] : buffersOf(event));
    };
    try {
      // What was given up while the thread was busy is known before it is begun.
      await nextTask();
      controller.signal.throwIfAborted();
      const result = await answerCall(engine, message, {
        signal: controller.signal,
        ...(wants.progress && {
          onProgress: (progress) => event({ kind: 'progress', progress }),
        }),
        ...(wants.found && { onFound: (found) => event({ kind: 'found', found }) }),
      });
      if (controller.signal.aborted) releaseResult(engine, result);
      event({ kind: 'result', result });
    } catch (error) {
      event({ kind: 'error', error: errorToWire(error) });
    } finally {
      running.delete(call);
    }
  };

  listen(scope, 'message', (value) => {
    const message = value as ToWorker;
    switch (message.kind) {
      case 'call':
        void answer(message);
        break;
      case 'abort':
        running.get(message.call)?.abort();
        break;
      case 'release':
        engine.release(message.id);
        break;
      default:
        engine.dispose();
    }
  });
  scope.start?.();
  void holdLock().then((lock) => send({ kind: 'ready', lock }));
}

/** Nobody knows of a model or an image whose call was given up. */
function releaseResult(engine: Engine, result: object): void {
  if ('id' in result && typeof result.id === 'string') engine.release(result.id);
}

/** A lock that the browser frees when this thread ends in whatever way; null where there are none. */
async function holdLock(): Promise<string | null> {
  const { locks } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  if (locks === undefined) return null;
  const name = `samgpu-engine-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(name);
        return new Promise(() => undefined);
      })
      // Sandboxed frames have no locks.
      .catch(() => resolve(null));
  });
}
