import type { Engine, Session } from '@samgpu/session';
import type { BackendChoice, ImageInput } from 'samgpu';

import { SamCanvasError } from '../element-error.ts';
import { registeredModels } from '../model-registry.ts';
import { fetchPicture } from './fetch-picture.ts';
import { makeOwnSession, modelOn, type ModelInput, type OwnSession } from './own-session.ts';

/** What an element was told to show and to use, where it has no session given. */
export interface OwnChoices {
  readonly src: string | null;
  readonly image: ImageInput | null;
  readonly imageName: string;
  readonly model: ModelInput | null;
  readonly engine: Engine | null;
  readonly backend: BackendChoice;
  readonly credentials: RequestCredentials;
}

export interface SourceListener {
  choices(): OwnChoices;
  /** There is another session, or none any longer. */
  sessionChanged(session: Session | null): void;
  /** Shows a picture before a model has seen it. @throws ImageError */
  showPicture(image: ImageInput | null): Promise<void>;
  /** Of `src`, `image` or `model`; `retry` does what failed again. */
  failed(error: unknown, retry: () => void): void;
  /** Nothing is wrong any longer. */
  mended(): void;
  readonly base: string;
}

/** Makes a session of an element's own, and gives it model and picture as the element changes them. */
export class SessionSource {
  readonly #listener: SourceListener;
  #own: OwnSession | null = null;
  #making: Promise<OwnSession> | null = null;
  #title = '';
  #run = 0;
  #fetching: AbortController | null = null;
  #stopped = false;

  constructor(listener: SourceListener) {
    this.#listener = listener;
  }

  /** Of the model that was loaded last, or is being loaded. */
  get title(): string {
    return this.#title;
  }

  /** Loads the model that is chosen now, and a picture if there is one. */
  start(): void {
    const { src, image, model, engine } = this.#listener.choices();
    // An element that nothing was said to yet waits for it, or for a session.
    const isTold = src !== null || image !== null || model !== null || engine !== null;
    if (!isTold && registeredModels().length === 0) return;
    void this.#attempt(
      async () => {
        await Promise.all([this.#session(), this.#open()]);
      },
      () => this.start(),
    );
  }

  /** `model`, `engine` or `backend` changed. */
  modelChanged(): void {
    const { model, engine, backend } = this.#listener.choices();
    const own = this.#own;
    const isOther = own !== null && engine !== null && own.engine !== engine;
    if (own === null || isOther) {
      this.#drop();
      this.start();
      return;
    }
    void this.#attempt(
      async () => {
        const { name, title } = await modelOn(model, engine);
        if (this.#own !== own) return;
        this.#title = title;
        await own.session.load({ name, backend });
      },
      () => this.modelChanged(),
    );
  }

  /** `src` or `image` changed. @returns when the picture can be pointed at */
  async pictureChanged(): Promise<void> {
    await this.#attempt(
      () => this.#open(),
      () => void this.pictureChanged(),
    );
  }

  /** Frees all that there is. */
  stop(): void {
    this.#stopped = true;
    this.#drop();
  }

  /** Tells what `work` throws. */
  async #attempt(work: () => Promise<void>, retry: () => void): Promise<void> {
    try {
      await work();
      if (!this.#stopped) this.#listener.mended();
    } catch (error) {
      if (this.#stopped || isSuperseded(error)) return;
      this.#listener.failed(error, retry);
    }
  }

  #session(): Promise<OwnSession> {
    const { model, engine, backend } = this.#listener.choices();
    const making = (this.#making ??= this.#make(model, engine, backend));
    making.catch(() => {
      if (this.#making === making) this.#making = null;
    });
    return making;
  }

  async #make(
    model: ModelInput | null,
    engine: Engine | null,
    backend: BackendChoice,
  ): Promise<OwnSession> {
    const run = ++this.#run;
    const own = await makeOwnSession(model, engine);
    if (run !== this.#run || this.#stopped) {
      own.session.dispose();
      throw new DOMException('the element took another model meanwhile', 'AbortError');
    }
    this.#own = own;
    this.#title = own.title;
    this.#listener.sessionChanged(own.session);
    // It is awaited together with the picture: neither waits for the other.
    const loading = own.session.load({ name: own.name, backend });
    loading.catch((error: unknown) => {
      if (!this.#stopped && this.#own === own && !isSuperseded(error)) {
        this.#listener.failed(error, () => this.modelChanged());
      }
    });
    return own;
  }

  async #open(): Promise<void> {
    this.#fetching?.abort();
    const fetching = (this.#fetching = new AbortController());
    const { src, image, imageName, credentials } = this.#listener.choices();
    const given = image !== null ? { blob: image, name: imageName } : null;
    const { signal } = fetching;
    const source =
      given ??
      (src === null ? null : await fetchPicture(src, this.#listener.base, credentials, signal));
    signal.throwIfAborted();
    if (source === null) {
      await this.#listener.showPicture(null);
      return;
    }
    const [shown] = await Promise.allSettled([this.#listener.showPicture(source.blob)]);
    signal.throwIfAborted();
    if (shown.status === 'rejected') throw this.#badPicture(shown.reason, src, given === null);
    const { session } = await this.#session();
    signal.throwIfAborted();
    await session.open(source.blob, { name: source.name });
  }

  #badPicture(cause: unknown, src: string | null, isFetched: boolean): SamCanvasError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const what = isFetched ? `src="${(src ?? '').slice(0, 100)}" is no picture: ` : '';
    return new SamCanvasError('bad-source', `${what}${reason}`, { cause });
  }

  #drop(): void {
    this.#run += 1;
    this.#fetching?.abort();
    this.#fetching = null;
    this.#making = null;
    const own = this.#own;
    this.#own = null;
    if (own !== null) {
      this.#listener.sessionChanged(null);
      own.session.dispose();
    }
  }
}

/** Whether something newer took its place, so that nobody has to be told. */
export function isSuperseded(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return (
    error.name === 'AbortError' ||
    code === 'superseded' ||
    code === 'disposed' ||
    code === 'cancelled'
  );
}
