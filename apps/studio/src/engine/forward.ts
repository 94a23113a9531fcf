import type { Engine } from '@samgpu/session';

/**
 * An engine that does some things by itself and leaves all others to another one.
 *
 * @param target - asked for at each call, so that it may be replaced
 */
export function forward(target: () => Engine, own: Partial<Engine>): Engine {
  return new Proxy(own as Engine, {
    get(_, name: keyof Engine) {
      if (name in own) return own[name];
      const engine = target();
      const value = engine[name];
      return typeof value === 'function' ? value.bind(engine) : value;
    },
  });
}
