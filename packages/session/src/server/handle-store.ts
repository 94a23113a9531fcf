import type { Engine } from '../engine/engine.ts';

/** Models and images that clients hold, the most recently used last. */
export class HandleStore {
  readonly #engine: Engine;
  readonly #maxImages: number;
  readonly #idleTime: number;
  readonly #models = new Map<string, number>();
  readonly #images = new Map<string, number>();

  /**
   * @param maxImages - most images at once; the one unused for longest goes
   * @param idleTime - milliseconds after which what nobody used goes
   */
  constructor(engine: Engine, maxImages: number, idleTime: number) {
    this.#engine = engine;
    this.#maxImages = maxImages;
    this.#idleTime = idleTime;
  }

  addModel(id: string): void {
    this.#models.set(id, Date.now());
    this.sweep();
  }

  addImage(id: string): void {
    this.#images.set(id, Date.now());
    this.sweep();
  }

  /** Something was asked of it. */
  touch(id: string): void {
    for (const map of [this.#models, this.#images]) {
      if (map.delete(id)) map.set(id, Date.now());
    }
  }

  release(id: string): void {
    this.#models.delete(id);
    this.#images.delete(id);
    this.#engine.release(id);
  }

  /** Drops what is too much or was not used for long. */
  sweep(): void {
    const before = Date.now() - this.#idleTime;
    for (const map of [this.#models, this.#images]) {
      for (const [id, used] of map) if (used < before) this.release(id);
    }
    for (const id of this.#images.keys()) {
      if (this.#images.size <= this.#maxImages) break;
      this.release(id);
    }
  }
}
