import type { Engine } from '@samgpu/session';

import { forward } from '../engine/forward.ts';
import { Store } from './store.ts';

/** Times that were measured on this device, in milliseconds. */
export interface ModelTimes {
  readonly load?: number;
  readonly encode?: number;
  readonly segment?: number;
}

export interface Measures {
  /** Of the model in use. */
  readonly latest: ModelTimes;
  /** By model and backend, as {@link measureKey} names them. */
  readonly known: Readonly<Record<string, ModelTimes>>;
}

const KEY = 'samgpu-studio-measures';

export function measureKey(model: string, backend: string): string {
  return `${model} ${backend}`;
}

/** How quick models are here. Kept, so that the list of models can tell before one is loaded again. */
export class MeasureStore extends Store<Measures> {
  constructor() {
    super({ latest: {}, known: stored() });
  }

  /** Another model, or the same one anew. */
  restart(load: number, key: string): void {
    this.#take({ load }, key);
  }

  report(times: ModelTimes, key: string | undefined): void {
    this.#take({ ...this.get().latest, ...times }, key);
  }

  /** One change for those who watch: it comes with every click. */
  #take(latest: ModelTimes, key: string | undefined): void {
    const { known } = this.get();
    if (key === undefined) {
      this.set({ latest, known });
      return;
    }
    const kept = { ...known, [key]: { ...known[key], ...latest } };
    this.set({ latest, known: kept });
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Nothing may be stored: the next visit measures anew.
    }
  }
}

function stored(): Measures['known'] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof found === 'object' && found !== null ? (found as Measures['known']) : {};
  } catch {
    return {};
  }
}

/** The same engine, telling how long its calls took, as the page sees it. */
export function measured(engine: Engine, measures: MeasureStore): Engine {
  let key: string | undefined;
  return forward(() => engine, {
    async load(choice, options) {
      const model = await engine.load(choice, options);
      key = measureKey(model.name, model.backend.kind);
      measures.restart(model.milliseconds, key);
      return model;
    },
    async encode(model, image, options) {
      const picture = await engine.encode(model, image, options);
      measures.report({ encode: picture.milliseconds }, key);
      return picture;
    },
    async segment(picture, request, options) {
      const start = performance.now();
      const reply = await engine.segment(picture, request, options);
      measures.report({ segment: performance.now() - start }, key);
      return reply;
    },
  });
}
