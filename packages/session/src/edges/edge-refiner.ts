import type { AlphaMask, Mask } from '@samgpu/mask';

import type { Engine, EngineProgress, MatteRequest } from '../engine/engine.ts';
import { asSessionError, SessionError } from '../session-error.ts';

/** Refines the edges of one mask at a time, the newest. */
export class EdgeRefiner {
  readonly #engine: Engine;
  readonly #changed: () => void;
  #running: AbortController | null = null;
  progress: EngineProgress | null = null;

  constructor(engine: Engine, changed: () => void) {
    this.#engine = engine;
    this.#changed = changed;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  async refine(picture: string, mask: Mask, request: MatteRequest): Promise<AlphaMask> {
    this.cancel(new SessionError('superseded', 'newer edges are refined in place of these'));
    const controller = new AbortController();
    const { signal } = controller;
    this.#running = controller;
    this.#changed();
    try {
      const alpha = await this.#engine.matte(picture, mask, request, {
        signal,
        onProgress: (progress) => {
          if (this.#running !== controller || signal.aborted) return;
          this.progress = progress;
          this.#changed();
        },
      });
      signal.throwIfAborted();
      return alpha;
    } catch (error) {
      throw asSessionError(error);
    } finally {
      if (this.#running === controller) {
        this.#running = null;
        this.progress = null;
        this.#changed();
      }
    }
  }

  /** @returns whether there was anything to give up */
  cancel(reason: SessionError): boolean {
    this.#running?.abort(reason);
    return this.#running !== null;
  }
}
