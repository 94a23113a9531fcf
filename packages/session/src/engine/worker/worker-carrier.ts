import type { ImageInput } from 'samgpu';

import { SessionError } from '../../session-error.ts';
import type { WireCall, WireCalls, WireEvent, WireMethod } from '../wire/messages.ts';
import { type PortableImage, portableImage } from '../wire/portable-image.ts';
import type { CallOptions, Carrier } from '../wire/remote-engine.ts';
import { errorFromWire } from '../wire/wire-errors.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import { listen, type WorkerPort } from './worker-port.ts';

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
  readonly options: CallOptions;
  readonly end: () => void;
}

/** Carries calls to a worker, and notices when it is gone. */
export class WorkerCarrier implements Carrier {
  readonly #make: (() => WorkerPort) | undefined;
  readonly #startTimeout: number;
  readonly #listeners = new Set<(error: SessionError) => void>();
  readonly #pending = new Map<number, Pending>();
  #port: WorkerPort | null = null;
  #lost: SessionError | null = null;
  #calls = 0;
  #disposed = false;

  constructor(
    worker: WorkerPort | (() => WorkerPort),
    { startTimeout = 60_000 }: { readonly startTimeout?: number },
  ) {
    this.#make = typeof worker === 'function' ? worker : undefined;
    this.#startTimeout = startTimeout;
    this.#start(typeof worker === 'function' ? worker() : worker);
  }

  call<Method extends WireMethod>(
    method: Method,
    args: WireCalls[Method]['args'],
    options: CallOptions,
  ): Promise<WireCalls[Method]['result']> {
    const { signal, onProgress, onFound, transfer } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) throw signal.reason;
      const port = this.#live();
      this.#calls += 1;
      const call = this.#calls;
      const abort = (): void => {
        this.#end(call);
        this.#send(port, { kind: 'abort', call });
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const end = (): void => signal?.removeEventListener('abort', abort);
      this.#pending.set(call, { resolve, reject, options, end });
      const wants = { progress: onProgress !== undefined, found: onFound !== undefined };
      try {
        const message = { kind: 'call', call, wants, ...({ method, args } as WireCall) } as const;
        port.postMessage(message, transfer);
      } catch (cause) {
        this.#end(call);
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new SessionError('unsupported', `cannot be sent to a worker: ${reason}`, { cause });
      }
    });
  }

  portable(input: ImageInput, signal: AbortSignal | undefined): Promise<PortableImage> {
    return portableImage(input, true, signal);
  }

  release(id: string): void {
    if (this.#port !== null) this.#send(this.#port, { kind: 'release', id });
  }

  onLost(listener: (error: SessionError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(): Promise<void> {
    if (this.#disposed || this.#make === undefined) {
      const message = this.#disposed
        ? 'this engine was disposed of; create another one'
        : 'this engine was given a worker, and cannot make another one; give it a function that does';
      return Promise.reject(new SessionError(this.#disposed ? 'disposed' : 'unsupported', message));
    }
    if (this.#port !== null) this.#lose('it was restarted');
    this.#lost = null;
    this.#start(this.#make());
    return Promise.resolve();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const port = this.#port;
    this.#port = null;
    if (port !== null) {
      this.#send(port, { kind: 'dispose' });
      void port.terminate?.();
    }
    this.#rejectAll(new SessionError('disposed', 'this engine was disposed of'));
    this.#listeners.clear();
  }

  #start(port: WorkerPort): void {
    this.#port = port;
    const isCurrent = (): boolean => this.#port === port;
    const lose = (reason: string): void => {
      if (isCurrent()) this.#lose(reason);
    };
    let isReady = false;
    const { setTimeout } = globalThis;
    const timer = setTimeout(() => {
      if (!isReady) lose(`it did not start within ${this.#startTimeout / 1000} seconds`);
    }, this.#startTimeout);
    // Node would wait for it before it ends.
    if (typeof timer === 'object') timer.unref();
    listen(port, 'message', (value) => {
      if (!isCurrent()) return;
      const message = value as FromWorker;
      if ('call' in message) {
        this.#hear(message.call, message);
        return;
      }
      isReady = true;
      clearTimeout(timer);
      if (message.lock !== null) watchLock(message.lock, () => lose('it ended'));
    });
    listen(port, 'error', (error) => {
      // Afterwards errors of single calls are answers, and others do not end a worker.
      if (!isReady || port.addEventListener === undefined) lose(messageOf(error));
    });
    listen(port, 'messageerror', () => lose('a message from it could not be read'));
    listen(port, 'exit', () => lose('it ended'));
    listen(port, 'close', () => lose('its port was closed'));
    port.start?.();
  }

  #hear(call: number, event: WireEvent): void {
    const pending = this.#pending.get(call);
    if (pending === undefined) return;
    switch (event.kind) {
      case 'progress':
        pending.options.onProgress?.(event.progress);
        break;
      case 'found':
        pending.options.onFound?.(event.found);
        break;
      case 'result':
        this.#end(call);
        pending.resolve(event.result as never);
        break;
      default:
        this.#end(call);
        pending.reject(errorFromWire(event.error));
    }
  }

  #end(call: number): void {
    this.#pending.get(call)?.end();
    this.#pending.delete(call);
  }

  #lose(reason: string): void {
    const port = this.#port;
    this.#port = null;
    void port?.terminate?.();
    const next = this.#make
      ? 'start it anew with restart(), or session.recover()'
      : 'create another';
    const error = new SessionError(
      'engine-lost',
      `the worker of the engine is gone: ${reason}; ${next}`,
    );
    this.#lost = error;
    this.#rejectAll(error);
    for (const listener of this.#listeners) listener(error);
  }

  #rejectAll(error: SessionError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { end, reject } of pending) {
      end();
      reject(error);
    }
  }

  #live(): WorkerPort {
    if (this.#disposed) {
      throw new SessionError('disposed', 'this engine was disposed of; create another one');
    }
    if (this.#port === null) throw this.#lost!;
    return this.#port;
  }

  #send(port: WorkerPort, message: ToWorker): void {
    port.postMessage(message);
  }
}

/** Tells when a lock is free, which it is when the thread that held it ended. */
function watchLock(name: string, freed: () => void): void {
  navigator.locks.request(name, freed).catch(() => undefined);
}

function messageOf(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'its script failed to load';
}
