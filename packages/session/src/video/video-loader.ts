import type { Engine, EngineProgress } from '../engine/engine.ts';
import type { LoadedModel, ModelChoice } from '../engine/model-description.ts';
import { asSessionError, SessionError } from '../session-error.ts';

export interface VideoLoaderListener {
  changed(): void;
  /** Another model is there, or none any longer. */
  equipped(): void;
  failed(error: SessionError): void;
}

/** The model that follows objects. The one before stays until another is ready. */
export class VideoLoader {
  readonly #engine: Engine;
  readonly #listener: VideoLoaderListener;
  #loading: AbortController | null = null;
  model: LoadedModel | null = null;
  choice: ModelChoice | null = null;
  progress: EngineProgress | null = null;

  constructor(engine: Engine, listener: VideoLoaderListener) {
    this.#engine = engine;
    this.#listener = listener;
  }

  get isLoading(): boolean {
    return this.#loading !== null;
  }

  async load(wanted: ModelChoice): Promise<void> {
    this.cancel(new SessionError('superseded', 'another model was chosen'));
    const loading = (this.#loading = new AbortController());
    const { signal } = loading;
    this.progress = null;
    this.#listener.changed();
    try {
      const model = await this.#engine.load(wanted, {
        signal,
        onProgress: (progress) => {
          if (signal.aborted) return;
          this.progress = progress;
          this.#listener.changed();
        },
      });
      this.#accept(model, signal);
      this.lose();
      this.model = model;
      this.choice = wanted;
      this.#listener.equipped();
    } catch (error) {
      const known = asSessionError(error);
      if (!signal.aborted) this.#listener.failed(known);
      throw known;
    } finally {
      if (this.#loading === loading) {
        this.#loading = null;
        this.progress = null;
        this.#listener.changed();
      }
    }
  }

  /** @returns whether something was being loaded */
  cancel(reason: SessionError): boolean {
    this.#loading?.abort(reason);
    return this.#loading !== null;
  }

  /** Frees the model. */
  lose(): void {
    if (this.model !== null) this.#engine.release(this.model.id);
    this.model = null;
  }

  #accept({ id, title, capabilities }: LoadedModel, signal: AbortSignal): void {
    if (capabilities.video === true && !signal.aborted) return;
    this.#engine.release(id);
    signal.throwIfAborted();
    throw new SessionError(
      'unsupported',
      `${title} segments pictures only; choose a SAM 2 model for videos`,
    );
  }
}
