import { type Engine, SessionError } from '@samgpu/session';

import { forward } from './forward.ts';

/**
 * An engine that another one takes the place of, if it is lost before it has done anything: some
 * browsers and policies let a page make a worker and do not let that start.
 *
 * @param first - null where there is none to begin with
 * @param makeOther - called once, where it is needed
 */
export function withFallback(first: Engine | null, makeOther: () => Promise<Engine>): Engine {
  const listeners = new Set<(error: SessionError) => void>();
  let engine = first ?? nothing;
  let stopListening = engine.onLost(heard);
  let other: Promise<void> | undefined;
  let hasWorked = false;

  function heard(error: SessionError): void {
    if (hasWorked) for (const listener of listeners) listener(error);
  }

  async function replace(): Promise<void> {
    const made = await makeOther();
    stopListening();
    engine.dispose();
    engine = made;
    stopListening = engine.onLost(heard);
  }

  /** Calls that may be the first. */
  async function untilFirst<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      const result = await call();
      hasWorked = true;
      return result;
    } catch (error) {
      const isLost = error instanceof SessionError && error.code === 'engine-lost';
      if (!isLost || hasWorked) throw error;
      other ??= replace();
      await other;
      return call();
    }
  }

  return forward(() => engine, {
    models: (options) => untilFirst(() => engine.models(options)),
    load: (choice, options) => untilFirst(() => engine.load(choice, options)),
    onLost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      stopListening();
      engine.dispose();
    },
  });
}

/** Stands for an engine that could not even be made. */
const nothing = new Proxy({} as Engine, {
  get(_, name: keyof Engine) {
    if (name === 'onLost') return () => () => undefined;
    if (name === 'dispose') return () => undefined;
    return () =>
      Promise.reject(new SessionError('engine-lost', 'this browser makes no workers here'));
  },
});
