import type { ImageInput } from 'samgpu';

import type { EncodedPicture, Engine, EngineProgress } from '../engine/engine.ts';
import type { LoadedModel, ModelChoice } from '../engine/model-description.ts';
import { asSessionError, SessionError } from '../session-error.ts';
import { type Deferred, deferred } from './deferred.ts';

/** An image to encode, kept for other models. */
export interface ImageToOpen {
  readonly source: ImageInput;
  readonly name: string;
  /** Whether objects and prompts go on: they are of this image already. */
  readonly keepDocument: boolean;
}

interface Loading {
  readonly choice: ModelChoice;
  readonly controller: AbortController;
  readonly model: Promise<LoadedModel>;
}

/** What a session works with. */
export interface Equipment {
  readonly choice: ModelChoice;
  readonly model: LoadedModel;
  readonly image: (ImageToOpen & { readonly picture: EncodedPicture }) | null;
}

export interface SetupListener {
  /** Phase or progress is another. */
  changed(): void;
  /** Whether an image that keeps the document is the one that it belongs to. @throws SessionError */
  accept(picture: EncodedPicture): void;
  /** Model and image changed together. @param isNewImage - whether another image was opened */
  equipped(equipment: Equipment, isNewImage: boolean): void;
  failed(error: SessionError): void;
}

/**
 * Brings model and image together. Either may be asked for at any time; the newest of each wins. What
 * is there stays until all of what replaces it is ready, so a failure changes nothing.
 */
export class Setup {
  readonly #engine: Engine;
  readonly #listener: SetupListener;
  #current: Equipment | null = null;
  #loading: Loading | null = null;
  #toOpen: ImageToOpen | null = null;
  #loadWaiter: Deferred | null = null;
  #openWaiter: Deferred | null = null;
  #encoding: AbortController | null = null;
  /** What there was before the engine was lost. */
  #lost: Equipment | null = null;
  #run = 0;
  #phase: 'loading' | 'encoding' | null = null;
  #progress: EngineProgress | null = null;

  constructor(engine: Engine, listener: SetupListener) {
    this.#engine = engine;
    this.#listener = listener;
  }

  /** What is under way. */
  get phase(): 'loading' | 'encoding' | null {
    return this.#phase;
  }

  get progress(): EngineProgress | null {
    return this.#progress;
  }

  get current(): Equipment | null {
    return this.#current;
  }

  /** Name of the image that is being opened. */
  get opening(): string | null {
    return this.#toOpen?.name ?? null;
  }

  /** The image that is being opened or, where none is, the one that is open. */
  get picture(): ImageInput | null {
    return this.#toOpen?.source ?? this.#current?.image?.source ?? null;
  }

  /** The GPU that the model runs on, if it is one that this page may draw on. */
  get device(): GPUDevice | undefined {
    const model = this.#current?.model.id;
    return model === undefined ? undefined : this.#engine.deviceOf?.(model);
  }

  load(choice: ModelChoice): Promise<void> {
    this.#loadWaiter?.reject(superseded('load'));
    const waiter = (this.#loadWaiter = deferred());
    this.#startLoading(choice);
    void this.#restart();
    return waiter.promise;
  }

  open(image: ImageToOpen): Promise<void> {
    this.#openWaiter?.reject(superseded('open'));
    this.#openWaiter = null;
    if (this.#loading === null && this.#current === null) {
      this.#toOpen = null;
      return Promise.reject(
        new SessionError('no-model', 'an image, but no model to encode it; load one first'),
      );
    }
    const waiter = (this.#openWaiter = deferred());
    this.#toOpen = image;
    void this.#restart();
    return waiter.promise;
  }

  /** The engine as a whole is gone, with all that it had. */
  lose(reason: SessionError): void {
    const current = this.#current;
    if (current !== null) {
      this.#lost = current;
      this.#current = null;
    }
    this.#toOpen = null;
    this.#end(reason);
  }

  /** Loads and encodes again what an engine lost, whether as a whole or only the image. */
  async recover(): Promise<void> {
    const choice = this.#loading?.choice ?? (this.#lost ?? this.#current)?.choice;
    if (choice !== undefined) await this.load(choice);
  }

  /** Gives up what is under way. @returns whether there was anything */
  cancel(reason: SessionError): boolean {
    if (this.#phase === null) {
      return false;
    }
    this.#toOpen = null;
    this.#end(reason);
    return true;
  }

  dispose(): void {
    this.#end(new SessionError('disposed', 'the session was disposed of'));
    this.#release(this.#current);
    this.#current = null;
  }

  #end(reason: SessionError): void {
    this.#run += 1;
    this.#dropLoading();
    this.#encoding?.abort();
    this.#encoding = null;
    this.#setPhase(null);
    this.#settle('load', reason);
    this.#settle('open', reason);
  }

  #startLoading(choice: ModelChoice): void {
    this.#dropLoading();
    const controller = new AbortController();
    const model = this.#engine.load(choice, {
      signal: controller.signal,
      onProgress: (progress) => this.#report(controller, progress),
    });
    // Whoever awaits it may have turned to another one before it failed.
    model.catch(() => undefined);
    this.#loading = { choice, controller, model };
  }

  #dropLoading(): void {
    this.#loading?.controller.abort();
    this.#loading?.model.then(
      ({ id }) => this.#engine.release(id),
      () => undefined,
    );
    this.#loading = null;
  }

  /** @param isRenewal - whether the model is the one that there was, which the engine dropped */
  async #restart(isRenewal = false): Promise<void> {
    const run = ++this.#run;
    const isCurrent = (): boolean => run === this.#run;
    this.#encoding?.abort();
    this.#encoding = null;
    let model = this.#current?.model;
    if (this.#loading !== null) {
      this.#setPhase('loading');
      try {
        model = await this.#loading.model;
      } catch (error) {
        if (!isCurrent()) return;
        this.#loading = null;
        this.#fail('load', error);
        if (model === undefined || isRenewal) {
          model = undefined;
          this.#toOpen = null;
          this.#fail('open', error);
        }
      }
      if (!isCurrent()) return;
    }
    if (model !== undefined) await this.#equip(model, isCurrent);
    if (isCurrent()) {
      this.#setPhase(null);
      this.#listener.changed();
    }
  }

  async #equip(model: LoadedModel, isCurrent: () => boolean): Promise<void> {
    const before = this.#current?.image ?? this.#lost?.image ?? null;
    for (const image of [this.#toOpen, before]) {
      if (image === null) continue;
      if (image === this.#current?.image && model === this.#current.model) return;
      try {
        const picture = await this.#encode(model, image);
        if (!isCurrent()) {
          this.#engine.release(picture.id);
          return;
        }
        if (image.keepDocument && image === this.#toOpen) this.#checkOrRelease(picture);
        this.#commit(model, { ...image, picture });
        return;
      } catch (error) {
        if (!isCurrent()) return;
        if (this.#loading === null && asSessionError(error).code === 'unknown-model') {
          // A server that was started anew, or has not heard of this session for long.
          this.#startLoading(this.#current!.choice);
          await this.#restart(true);
          return;
        }
        if (image !== this.#toOpen) {
          this.#dropLoading();
          this.#fail('load', error);
          return;
        }
        this.#toOpen = null;
        this.#fail('open', error);
      }
    }
    if (isCurrent() && this.#loading !== null) this.#commit(model, null);
  }

  #checkOrRelease(picture: EncodedPicture): void {
    try {
      this.#listener.accept(picture);
    } catch (error) {
      this.#engine.release(picture.id);
      throw error;
    }
  }

  async #encode(model: LoadedModel, image: ImageToOpen): Promise<EncodedPicture> {
    this.#setPhase('encoding');
    const controller = (this.#encoding = new AbortController());
    return this.#engine.encode(model.id, image.source, {
      signal: controller.signal,
      onProgress: (progress) => this.#report(controller, progress),
    });
  }

  #commit(model: LoadedModel, image: Equipment['image']): void {
    const previous = this.#current;
    const isNewImage = this.#toOpen !== null && !this.#toOpen.keepDocument;
    const choice = this.#loading?.choice ?? previous!.choice;
    this.#current = { choice, model, image };
    this.#loading = null;
    this.#toOpen = null;
    this.#encoding = null;
    this.#lost = null;
    this.#phase = null;
    this.#progress = null;
    this.#listener.equipped(this.#current, isNewImage);
    if (previous?.image) this.#engine.release(previous.image.picture.id);
    if (previous && previous.model !== model) this.#engine.release(previous.model.id);
    this.#settle('load');
    this.#settle('open');
  }

  #release(equipment: Equipment | null): void {
    if (equipment === null) return;
    if (equipment.image) this.#engine.release(equipment.image.picture.id);
    this.#engine.release(equipment.model.id);
  }

  #report(controller: AbortController, progress: EngineProgress): void {
    if (controller.signal.aborted) return;
    this.#progress = progress;
    this.#listener.changed();
  }

  #setPhase(phase: 'loading' | 'encoding' | null): void {
    this.#phase = phase;
    this.#progress = null;
    this.#listener.changed();
  }

  #fail(what: 'load' | 'open', cause: unknown): void {
    const error = asSessionError(cause);
    this.#listener.failed(error);
    this.#settle(what, error);
  }

  #settle(what: 'load' | 'open', error?: SessionError): void {
    const waiter = what === 'load' ? this.#loadWaiter : this.#openWaiter;
    if (what === 'load') this.#loadWaiter = null;
    else this.#openWaiter = null;
    if (error === undefined) waiter?.resolve();
    else waiter?.reject(error);
  }
}

function superseded(what: string): SessionError {
  return new SessionError('superseded', `a newer ${what}() took the place of this one`);
}
