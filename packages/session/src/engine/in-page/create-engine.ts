import type { AlphaMask, Mask } from '@samgpu/mask';
import type { Variant } from '@samgpu/variant';
import type { EncodedImage, Grounder, ImageInput, SegmenterOptions } from 'samgpu';

import { asSessionError, SessionError } from '../../session-error.ts';
import { PageVideoEngine } from '../../video/engine/page-video-engine.ts';
import type {
  EncodedPicture,
  Engine,
  EverythingRequest,
  FindOptions,
  FoundObject,
  MatteRequest,
  SegmentReply,
  SegmentRequest,
  TaskOptions,
} from '../engine.ts';
import type { LoadedModel, ModelChoice, ModelDescription } from '../model-description.ts';
import { capabilitiesOf, describeVariant } from './describe-variant.ts';
import { segmentImage } from './segment-image.ts';
import { type SegmenterUse, SharedSegmenters } from './shared-segmenters.ts';

export interface PageEngineOptions {
  /** The models that it offers. Importing a variant costs almost nothing: its weights come with `load`. */
  readonly variants: readonly Variant[];
  /** Settings of all segmenters: cache, mirrors, a shared `GPUDevice`, threads, … */
  readonly segmenter?: SegmenterOptions;
  /**
   * What finds things by words, for models that take boxes; see `@samgpu/text`. It may still be on its
   * way when the engine is made; one that does not come is as none. @defaultValue none
   */
  readonly grounder?: Grounder | Promise<Grounder | undefined>;
}

interface Picture {
  readonly image: EncodedImage;
  readonly use: SegmenterUse;
}

/** An engine in this thread: in a page without workers, in a worker, in Node. */
export function createEngine(options: PageEngineOptions): Engine {
  return new PageEngine(options);
}

class PageEngine implements Engine {
  readonly kind = 'page';
  readonly video: PageVideoEngine;
  readonly #variants: readonly Variant[];
  readonly #segmenters: SharedSegmenters;
  readonly #grounder: Promise<Grounder | undefined>;
  readonly #models = new Map<string, SegmenterUse>();
  readonly #pictures = new Map<string, Picture>();
  /** In all ids: what an engine before this one gave away at the same address is not taken for its own. */
  readonly #name = Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) =>
    part.toString(36),
  ).join('');
  #count = 0;
  #disposed = false;

  constructor({ variants, segmenter = {}, grounder }: PageEngineOptions) {
    this.#variants = variants;
    this.#grounder = Promise.resolve(grounder).catch(() => undefined);
    this.#segmenters = new SharedSegmenters(segmenter);
    this.video = new PageVideoEngine({
      useOf: (model) => this.#model(model),
      run: (signal, work) => this.#run(signal, work),
    });
  }

  async models(): Promise<readonly ModelDescription[]> {
    const grounder = await this.#grounder;
    return this.#variants.map((one) => describeVariant(one, { text: grounder !== undefined }));
  }

  async load(choice: ModelChoice, options: TaskOptions = {}): Promise<LoadedModel> {
    const variant = this.#variants.find(({ name }) => name === choice.name);
    if (variant === undefined) {
      const offered = this.#variants.map(({ name }) => `"${name}"`).join(', ') || 'none';
      throw new SessionError(
        'unknown-model',
        `no model "${choice.name}"; this engine offers ${offered}`,
      );
    }
    const start = performance.now();
    return this.#run(options.signal, async () => {
      const use = await this.#segmenters.use(variant, choice, options);
      const grounder = await this.#grounder;
      const id = this.#keep(this.#models, 'model', use);
      return {
        id,
        name: variant.name,
        title: variant.title,
        capabilities: capabilitiesOf(variant, { text: grounder !== undefined }),
        backend: use.segmenter.backend,
        warnings: use.warnings,
        milliseconds: performance.now() - start,
      };
    });
  }

  async encode(
    model: string,
    input: ImageInput,
    { signal, onProgress }: TaskOptions = {},
  ): Promise<EncodedPicture> {
    const loaded = this.#model(model);
    const start = performance.now();
    const use = loaded.share();
    try {
      return await this.#run(signal, async () => {
        onProgress?.({ stage: 'encode', loaded: 0, total: 1 });
        const image = await use.segmenter.encode(input, { ...(signal && { signal }) });
        const id = this.#keep(this.#pictures, 'image', { image, use });
        onProgress?.({ stage: 'encode', loaded: 1, total: 1 });
        const { width, height } = image;
        return { id, width, height, milliseconds: performance.now() - start };
      });
    } catch (error) {
      use.release();
      throw error;
    }
  }

  async segment(
    picture: string,
    request: SegmentRequest,
    { signal }: Pick<TaskOptions, 'signal'> = {},
  ): Promise<SegmentReply> {
    const { image, use } = this.#picture(picture);
    return this.#run(signal, () => segmentImage(image, use.segmenter.variant, request, signal));
  }

  async everything(
    picture: string,
    request: EverythingRequest,
    { signal, onProgress, onFound }: FindOptions = {},
  ): Promise<readonly FoundObject[]> {
    const { image } = this.#picture(picture);
    return this.#run(signal, async () => {
      const run = image.segmentEverything({
        ...request,
        ...(signal && { signal }),
        onProgress: ({ points, total }) =>
          onProgress?.({ stage: 'everything', loaded: points, total }),
      });
      if (onFound) {
        for await (const { mask } of run) onFound({ mask });
      }
      const { masks } = await run;
      return masks.map(({ mask }) => ({ mask }));
    });
  }

  async findText(
    picture: string,
    words: string,
    { signal, onProgress, onFound }: FindOptions = {},
  ): Promise<readonly FoundObject[]> {
    const { image } = this.#picture(picture);
    return this.#run(signal, async () => {
      const grounder = await this.#grounder;
      if (grounder === undefined) {
        throw new SessionError(
          'unsupported',
          'this engine finds nothing by words, as it has no grounder; give it one, or point at things',
        );
      }
      const { masks } = await image.segmentText(words, {
        grounder,
        ...(signal && { signal }),
        onProgress: ({ boxes, total }) => onProgress?.({ stage: 'text', loaded: boxes, total }),
      });
      const found = masks.map(({ mask, label, boxScore }) => ({ mask, label, boxScore }));
      if (onFound) found.forEach(onFound);
      return found;
    });
  }

  async matte(
    picture: string,
    mask: Mask,
    request: MatteRequest,
    { signal, onProgress }: TaskOptions = {},
  ): Promise<AlphaMask> {
    const { image } = this.#picture(picture);
    return this.#run(signal, async () => {
      const { width, height, bounds, alpha } = await image.matte(mask, {
        ...request,
        ...(signal && { signal }),
        onProgress: ({ done, total }) => onProgress?.({ stage: 'matte', loaded: done, total }),
      });
      return { width, height, bounds, alpha };
    });
  }

  deviceOf(model: string): GPUDevice | undefined {
    return this.#models.get(model)?.segmenter.device;
  }

  release(id: string): void {
    const picture = this.#pictures.get(id);
    picture?.image.dispose();
    picture?.use.release();
    this.#pictures.delete(id);
    this.#models.get(id)?.release();
    this.#models.delete(id);
    this.video.release(id);
  }

  onLost(): () => void {
    // It lives as long as its page does.
    return () => undefined;
  }

  restart(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    this.#disposed = true;
    this.video.dispose();
    for (const id of [...this.#pictures.keys(), ...this.#models.keys()]) this.release(id);
  }

  /** Runs work whose errors become those of a session, but for the reason of an abort. */
  async #run<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (this.#disposed) {
      throw new SessionError('disposed', 'this engine was disposed of; create another one');
    }
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw asSessionError(error);
    }
  }

  #keep<T extends Picture | SegmenterUse>(map: Map<string, T>, kind: string, value: T): string {
    const id = `${kind}-${this.#name}-${++this.#count}`;
    map.set(id, value);
    if (this.#disposed) {
      this.release(id);
      throw new SessionError('disposed', 'this engine was disposed of meanwhile');
    }
    return id;
  }

  #model(id: string): SegmenterUse {
    const model = this.#models.get(id);
    if (model === undefined) {
      throw new SessionError('unknown-model', `no model is loaded as "${id}"; load it first`);
    }
    return model;
  }

  #picture(id: string): Picture {
    const picture = this.#pictures.get(id);
    if (picture === undefined) {
      throw new SessionError('image-lost', `no image "${id}"; encode it again`);
    }
    return picture;
  }
}
