import type { OnnxBackendOptions } from '@samgpu/onnx';
import type { Variant } from '@samgpu/variant';
import type { WebGpuBackend, WebGpuBackendOptions } from '@samgpu/webgpu';
import type { OpenWeights } from '@samgpu/weights';

import type { ImageInput, ImageSourceOptions } from '../image-source/index.ts';
import { type BackendChoice, type BackendInfo, chooseBackend } from './choose-backend.ts';
import { type CompiledModel, compileModel } from './compile-model.ts';
import { repeatAfterLoss } from './device-loss.ts';
import { EncodedImage, type Features } from './encoded-image.ts';
import type { OnSegmenterWarning } from './no-room.ts';
import type { VariantWeightsOptions } from './open-weights.ts';
import { requireWeights } from './require-weights.ts';
import { SegmenterError } from './segmenter-error.ts';
import { type ImageProcessing, SourceImage } from './source-image.ts';
import type { FrameInput } from '../frames/index.ts';
import { ProgramCache } from '../track/program-cache.ts';
import type { Track, TrackOptions } from '../track/track.ts';

export interface SegmenterOptions extends Omit<VariantWeightsOptions, 'onWarning'> {
  /** @defaultValue 'auto' */
  readonly backend?: BackendChoice;
  /** Settings of ONNX Runtime, where it is used. */
  readonly onnx?: OnnxBackendOptions;
  /** Settings of WebGPU, where it is used: `{ device }` shares one with the rest of a page. */
  readonly webgpu?: WebGpuBackendOptions;
  /**
   * Where images are resampled, masks enlarged and mattes made.
   *
   * @defaultValue 'auto': on the GPU if the model runs on a real one, else on the CPU
   */
  readonly imageProcessing?: ImageProcessing;
  /** Told where loading or running goes on in another way than was asked for. */
  readonly onWarning?: OnSegmenterWarning | undefined;
}

export interface EncodeOptions extends ImageSourceOptions {
  /** Gives up with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How long the parts of `load` took, in milliseconds. */
export interface LoadTimings {
  /** Finding a backend and starting its runtime. */
  readonly backend: number;
  /** Reading and checking the weights. */
  readonly weights: number;
  /** Making encoder and decoder ready to run. */
  readonly compile: number;
}

interface SegmenterParts extends CompiledModel {
  readonly variant: Variant;
  readonly weights: OpenWeights;
  readonly processing: ImageProcessing;
  /** Programs that only tracking needs. */
  readonly tracking: ProgramCache;
  readonly timings: LoadTimings;
}

/**
 * A model that is ready to segment images.
 *
 * It owns its backend, programs and weights: dispose of it when done, by `dispose()` or `using`.
 */
export class Segmenter {
  readonly #parts: SegmenterParts;
  #disposed = false;

  private constructor(parts: SegmenterParts) {
    this.#parts = parts;
  }

  /**
   * Loads a model and makes it ready. Where `backend` is `auto` and the GPU has no room for the model,
   * ONNX Runtime takes it; `onWarning` and the reason in `backend` say so.
   *
   * @throws SegmenterError `backend-unavailable` where the chosen backend does not run, `no-device`
   *   where images are to be processed on a GPU and there is none
   * @throws WeightsError for weights that cannot be read or are not those of the model
   * @throws WebGpuError `out-of-memory` or `unsupported` where `webgpu` was asked for and has no room
   */
  static async load(variant: Variant, options: SegmenterOptions = {}): Promise<Segmenter> {
    const { signal } = options;
    const { onWarning, ...weightOptions } = options;
    const start = performance.now();
    signal?.throwIfAborted();
    requireWeights(variant, options.weights);
    const chosen = await chooseBackend(options.backend ?? 'auto', options);
    const { backend, info } = chosen;
    const processing = options.imageProcessing ?? 'auto';
    let weights: OpenWeights | undefined;
    try {
      if (processing === 'device' && backend.kind !== 'webgpu') {
        throw new SegmenterError(
          'no-device',
          `imageProcessing: 'device' wants a GPU, but the model runs on ${info.description} ` +
            `(${info.reason}); leave it out, or load with backend: 'webgpu'`,
        );
      }
      const backendReady = performance.now();
      // Downloads, caches and readers of formats: a page need not have them before it loads a model.
      const { openVariantWeights } = await import('./open-weights.ts');
      weights = await openVariantWeights(variant, {
        ...weightOptions,
        ...(onWarning && { onWarning }),
      });
      const weightsReady = performance.now();
      const compiled = await compileModel(chosen, variant, weights, options);
      const timings: LoadTimings = {
        backend: backendReady - start,
        weights: weightsReady - backendReady,
        compile: performance.now() - weightsReady,
      };
      const tracking = new ProgramCache(compiled.backend, weights);
      return new Segmenter({ variant, weights, ...compiled, tracking, processing, timings });
    } catch (error) {
      await weights?.close();
      backend.dispose();
      throw error;
    }
  }

  get variant(): Variant {
    return this.#parts.variant;
  }

  /** Where it runs, and why there. */
  get backend(): BackendInfo {
    return this.#parts.info;
  }

  get timings(): LoadTimings {
    return this.#parts.timings;
  }

  /** The GPU that it runs on, for those who draw there; after a loss another one. None on ONNX Runtime. */
  get device(): GPUDevice | undefined {
    const { backend } = this.#parts;
    return backend.kind === 'webgpu' ? (backend as WebGpuBackend).device : undefined;
  }

  /**
   * Runs the image encoder. Do it once per image; every prompt after that is quick.
   *
   * @param input - an image in any form that the platform has: in browsers what `createImageBitmap`
   *   takes, in Node a path, a buffer or raw pixels; on WebGPU a texture of the same device, which
   *   is copied: what is drawn to it later does not show
   * @throws ImageError for an image that cannot be read
   * @throws WebGpuError `image` for a texture of another device
   */
  async encode(input: ImageInput, options: EncodeOptions = {}): Promise<EncodedImage> {
    const { signal } = options;
    const { variant, backend, encoder, decoders, processing } = this.#live('encode');
    signal?.throwIfAborted();
    const start = performance.now();
    const context = { backend, rules: variant.preprocessing, processing };
    const source = await SourceImage.open(input, context, options);
    const decoded = performance.now();
    let preprocessed = decoded;
    const run = async (until?: AbortSignal): Promise<Features> => {
      const image = await source.prepare();
      preprocessed = performance.now();
      try {
        return await encoder.run({ image }, { signal: until });
      } finally {
        if ('dispose' in image) {
          image.dispose();
        }
      }
    };
    try {
      signal?.throwIfAborted();
      const features = await repeatAfterLoss(() => run(signal));
      return new EncodedImage({
        variant,
        source,
        features,
        encodeAgain: () => repeatAfterLoss(run),
        encodeOther: (pixels, signal) => this.encode(pixels, { maxPixels: Infinity, signal }),
        decoders,
        timings: {
          read: decoded - start,
          preprocess: preprocessed - decoded,
          encode: performance.now() - preprocessed,
        },
      });
    } catch (error) {
      source.dispose();
      throw error;
    }
  }

  /**
   * Opens a video to follow objects through.
   *
   * @param frames - a video, a list of images, something that reads them by number, or a stream
   * @throws TrackError `not-a-tracker` for a model that segments single images, `no-frames`
   * @throws VideoError for a video that cannot be opened
   */
  async track(frames: FrameInput, options: TrackOptions = {}): Promise<Track> {
    this.#live('track');
    const { openTrack } = await import('../track/open-track.ts');
    return openTrack(this.#live('track'), frames, options);
  }

  /**
   * Goes on with a video from what `track.save()` gave.
   *
   * @param frames - the same ones
   * @throws TrackError `saved-state` for bytes that are no saved track, or one of another model
   */
  async resume(frames: FrameInput, saved: Uint8Array, options: TrackOptions = {}): Promise<Track> {
    this.#live('resume');
    const { resumeTrack } = await import('../track/open-track.ts');
    return resumeTrack(this.#live('resume'), frames, saved, options);
  }

  /** Frees the model. Images that it encoded cannot be segmented afterwards. */
  dispose(): void {
    if (this.#disposed) {
      return;
    }
    this.#disposed = true;
    const { encoder, decoders, tracking, backend, weights } = this.#parts;
    encoder.dispose();
    decoders.dispose();
    tracking.dispose();
    backend.dispose();
    // Closing a file that was only read cannot lose anything.
    weights.close().catch(() => undefined);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #live(operation: string): SegmenterParts {
    if (this.#disposed) {
      throw new SegmenterError(
        'disposed',
        `cannot ${operation}: this segmenter was disposed of; load it again`,
      );
    }
    return this.#parts;
  }
}
