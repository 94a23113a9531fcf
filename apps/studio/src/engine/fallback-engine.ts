import {
  type EncodedPicture,
  type Engine,
  type EverythingRequest,
  type FindOptions,
  type FoundObject,
  type LoadedModel,
  type MatteRequest,
  type ModelChoice,
  type ModelDescription,
  type SegmentReply,
  type SegmentRequest,
  SessionError,
  type TaskOptions,
} from '@samgpu/session';
import type { AlphaMask, ImageInput, Mask } from 'samgpu';

/**
 * An engine that another one takes the place of, if it is lost before it has done anything: some
 * browsers and policies let a page make a worker and do not let that start.
 */
export class FallbackEngine implements Engine {
  #engine: Engine;
  #makeOther: (() => Engine) | undefined;
  readonly #listeners = new Set<(error: SessionError) => void>();
  #stopListening: () => void;

  constructor(first: Engine, makeOther: () => Engine) {
    this.#engine = first;
    this.#makeOther = makeOther;
    this.#stopListening = first.onLost((error) => this.#lost(error));
  }

  get kind(): Engine['kind'] {
    return this.#engine.kind;
  }

  get video(): Engine['video'] {
    return this.#engine.video;
  }

  models(options?: Pick<TaskOptions, 'signal'>): Promise<readonly ModelDescription[]> {
    return this.#first((engine) => engine.models(options));
  }

  load(choice: ModelChoice, options?: TaskOptions): Promise<LoadedModel> {
    return this.#first((engine) => engine.load(choice, options));
  }

  encode(model: string, image: ImageInput, options?: TaskOptions): Promise<EncodedPicture> {
    return this.#engine.encode(model, image, options);
  }

  segment(
    picture: string,
    request: SegmentRequest,
    options?: Pick<TaskOptions, 'signal'>,
  ): Promise<SegmentReply> {
    return this.#engine.segment(picture, request, options);
  }

  everything(
    picture: string,
    request: EverythingRequest,
    options?: FindOptions,
  ): Promise<readonly FoundObject[]> {
    return this.#engine.everything(picture, request, options);
  }

  findText(picture: string, words: string, options?: FindOptions): Promise<readonly FoundObject[]> {
    return this.#engine.findText(picture, words, options);
  }

  matte(
    picture: string,
    mask: Mask,
    request: MatteRequest,
    options?: TaskOptions,
  ): Promise<AlphaMask> {
    return this.#engine.matte(picture, mask, request, options);
  }

  deviceOf(model: string): GPUDevice | undefined {
    return this.#engine.deviceOf?.(model);
  }

  release(id: string): void {
    this.#engine.release(id);
  }

  onLost(listener: (error: SessionError) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(): Promise<void> {
    return this.#engine.restart();
  }

  dispose(): void {
    this.#stopListening();
    this.#engine.dispose();
  }

  /** Calls that may be the first. */
  async #first<Result>(call: (engine: Engine) => Promise<Result>): Promise<Result> {
    const engine = this.#engine;
    try {
      const result = await call(engine);
      this.#makeOther = undefined;
      return result;
    } catch (error) {
      const isLost = error instanceof SessionError && error.code === 'engine-lost';
      if (!isLost) throw error;
      if (this.#engine === engine && !this.#replace()) throw error;
      return call(this.#engine);
    }
  }

  #lost(error: SessionError): void {
    if (this.#makeOther !== undefined) return;
    for (const listener of this.#listeners) listener(error);
  }

  #replace(): boolean {
    if (this.#makeOther === undefined) return false;
    this.#stopListening();
    this.#engine.dispose();
    this.#engine = this.#makeOther();
    this.#makeOther = undefined;
    this.#stopListening = this.#engine.onLost((error) => this.#lost(error));
    return true;
  }
}
