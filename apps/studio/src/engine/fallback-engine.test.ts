import { type Engine, type LoadedModel, SessionError } from '@samgpu/session';
import { describe, expect, test } from 'vitest';

import { withFallback } from './fallback-engine.ts';

const lost = new SessionError('engine-lost', 'the worker of the engine is gone');

/** An engine that can only be loaded and lost. */
function engineNamed(kind: Engine['kind'], load: () => Promise<LoadedModel>) {
  const listeners = new Set<(error: SessionError) => void>();
  const engine = {
    kind,
    load,
    models: () => load().then(() => []),
    onLost(listener: (error: SessionError) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => undefined,
  } as unknown as Engine;
  return { engine, lose: () => listeners.forEach((listener) => listener(lost)) };
}

const works = (name: string) => () => Promise.resolve({ name } as LoadedModel);
const fails = (error: Error) => () => Promise.reject(error);

describe('an engine with another in reserve', () => {
  test('is used as long as it works, and its loss is told', async () => {
    const { engine, lose } = engineNamed('worker', works('first'));
    const both = withFallback(engine, () => Promise.reject(new Error('not wanted')));
    const told: SessionError[] = [];
    both.onLost((error) => told.push(error));
    lose();
    expect(told).toEqual([]);
    expect(await both.load({ name: 'nano' })).toMatchObject({ name: 'first' });
    lose();
    expect(told).toEqual([lost]);
  });

  test.each([
    ['was lost at the start', engineNamed('worker', fails(lost)).engine],
    ['could not be made', null],
  ])('is replaced once if it %s', async (_, first) => {
    let made = 0;
    const both = withFallback(first, async () => {
      made += 1;
      return engineNamed('page', works('other')).engine;
    });
    const results = await Promise.all([both.load({ name: 'nano' }), both.load({ name: 'nano' })]);
    expect(results).toMatchObject([{ name: 'other' }, { name: 'other' }]);
    expect([made, both.kind]).toEqual([1, 'page']);
  });

  test('is not replaced for what it refuses', async () => {
    const refusal = new SessionError('unknown-model', 'no such model');
    const { engine } = engineNamed('worker', fails(refusal));
    const both = withFallback(engine, () => Promise.reject(new Error('not wanted')));
    await expect(both.load({ name: 'none' })).rejects.toBe(refusal);
  });
});
