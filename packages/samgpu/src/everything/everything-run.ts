import { type Coverage, coverageOf, type Size } from '@samgpu/mask';

import type { EverythingOptions } from './everything-options.ts';
import type { EverythingImage, EverythingSearch, EverythingTimings } from './find-everything.ts';
import { type Candidate, type FoundMask, foundMask } from './found-mask.ts';
import { Stream } from './stream.ts';

/** Everything that was found in a picture. */
export interface Everything {
  /** Without duplicates, in the order of the official generator: best first within each part. */
  readonly masks: readonly FoundMask[];
  readonly timings: EverythingTimings;
  /** How many masks lie over each pixel of the picture. Computed when it is called. */
  readonly coverage: () => Coverage;
}

/**
 * Finding everything in a picture, under way. Await it for the result, or iterate over it for masks
 * as they are found:
 *
 * ```ts
 * const run = image.segmentEverything();
 * for await (const { mask } of run) draw(mask);
 * const { masks } = await run;
 * ```
 *
 * While it runs, each object is given once, when it is first found. The result may hold a better mask
 * of it, and without those that turned out to be duplicates after all. Leaving the loop stops
 * the search.
 */
export class EverythingRun implements PromiseLike<Everything>, AsyncIterable<FoundMask> {
  readonly #image: EverythingImage;
  readonly #stream = new Stream<FoundMask>();
  readonly #stop = new AbortController();
  readonly #done: Promise<Everything>;
  #search: EverythingSearch | undefined;

  /** @internal Use `EncodedImage.segmentEverything`. */
  constructor(image: EverythingImage, options: EverythingOptions) {
    this.#image = image;
    this.#done = this.#run(options);
    this.#done.then(
      () => this.#stream.end(),
      (error: unknown) => this.#stream.fail(error),
    );
  }

  /**
   * The masks found so far, without duplicates: during the search, or after it was aborted or
   * failed.
   */
  found(): FoundMask[] {
    return (this.#search?.select() ?? []).map((candidate) => this.#foundMask(candidate));
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a run is to be awaited as well as iterated over
  then<Result = Everything, Failure = never>(
    onFulfilled?: ((everything: Everything) => Result | PromiseLike<Result>) | null,
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Result | Failure> {
    return this.#done.then(onFulfilled, onRejected);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FoundMask, void> {
    let isEnded = false;
    try {
      yield* this.#stream.values();
      isEnded = true;
    } finally {
      if (!isEnded) this.#stop.abort();
    }
  }

  async #run({ signal, onProgress, ...options }: EverythingOptions): Promise<Everything> {
    const image = this.#image;
    const size: Size = image.frame.original;
    // Loaded with the first search: a page of clicks makes none.
    const { EverythingSearch, everythingSettings } = await import('./find-everything.ts');
    const settings = everythingSettings(options, image.variant, size);
    const search = new EverythingSearch(image, settings, {
      signal: AbortSignal.any([this.#stop.signal, ...(signal === undefined ? [] : [signal])]),
      onProgress,
      onFirst: (candidate) => this.#stream.push(this.#foundMask(candidate)),
    });
    this.#search = search;
    await search.run();
    const candidates = search.select();
    return {
      masks: candidates.map((candidate) => this.#foundMask(candidate)),
      timings: search.timings,
      coverage: () =>
        coverageOf(
          candidates.map(({ rle }) => rle),
          size,
        ),
    };
  }

  #foundMask(candidate: Candidate): FoundMask {
    const { source } = this.#image;
    return foundMask(candidate, () => source.pixels);
  }
}
