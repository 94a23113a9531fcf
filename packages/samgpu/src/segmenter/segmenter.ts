import type { Backend, Graph, Program } from '@samgpu/graph';
import type { OnnxBackendOptions } from '@samgpu/onnx';
import { type FramePrompt, traceEncoder, type Variant } from '@samgpu/variant';
import type { WebGpuBackendOptions } from '@samgpu/webgpu';
import type { OpenWeights } from '@samgpu/weights';

import type { ImageInput, ImageSourceOptions } from '../image-source/index.ts';
import { type BackendChoice, type BackendInfo, chooseBackend } from './choose-backend.ts';
import { DecoderPool } from './decoder-pool.ts';
import { repeatAfterLoss } from './device-loss.ts';
import { EncodedImage, type Features } from './encoded-image.ts';
import { openVariantWeights, requireWeights, type VariantWeightsOptions } from './open-weights.ts';
import { sizesFor } from './prompt-batch.ts';
import { SegmenterError } from './segmenter-error.ts';
import { type ImageProcessing, SourceImage } from './source-image.ts';

export interface SegmenterOptions extends VariantWeightsOptions {
  /** @defaultValue 'auto' */
  readonly backend?: BackendChoice;
  /** Settings of ONNX Runtime, where it is used. */
  readonly onnx?: OnnxBackendOptions;
  /** Settings of WebGPU, where it is used: `{ device }` shares one with the rest of a page. */
  readonly webgpu?: WebGpuBackendOptions;
  /**
   * Where images are resampled and masks enlarged.
   *
   * @defaultValue 'auto': on the GPU if the model runs on a real one, else on the CPU
   */
  readonly imageProcessing?: ImageProcessing;
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

const A_CLICK: FramePrompt = { points: [{ x: 0, y: 0, label: 'include' }] };

interface SegmenterParts {
  readonly variant: Variant;
  readonly backend: Backend;
  readonly info: BackendInfo;
  readonly weights: OpenWeights;
  readonly encoder: Program;
  readonly decoders: DecoderPool;
  readonly processing: ImageProcessing;
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
   * Loads a model and makes it ready.
   *
   * @throws SegmenterError `backend-unavailable` where the chosen backend does not run, `no-device`
   *   where images are to be processed on a GPU and there is none
   * @throws WeightsError for weights that cannot be read or are not those of the model
   */
  static async load(variant: Variant, options: SegmenterOptions = {}): Promise<Segmenter> {
    const { signal, onProgress } = options;
    const start = performance.now();
    signal?.throwIfAborted();
    requireWeights(variant, options.weights);
    const { backend, info } = await chooseBackend(options.backend ?? 'auto', options);
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
      weights = await openVariantWeights(variant, options);
      const weightsReady = performance.now();
      const graph: Graph = traceEncoder(variant, weights.tensors);
      const decoders = new DecoderPool(variant, weights, graph, backend);
      onProgress?.({ stage: 'compile', loaded: 0, total: 2 });
      let compiled = 0;
      const step = (): void => {
        compiled += 1;
        onProgress?.({ stage: 'compile', loaded: compiled, total: 2 });
      };
      const [encoder] = await Promise.all([
        backend.compile(graph, weights, { signal }).then((program) => {
          step();
          return program;
        }),
        // A single click is what comes first in most programs.
        decoders.prepare(sizesFor([variant.tokens(A_CLICK)])).then(step),
      ]);
      signal?.throwIfAborted();
      const timings: LoadTimings = {
        backend: backendReady - start,
        weights: weightsReady - backendReady,
        compile: performance.now() - weightsReady,
      };
      const programs = { encoder, decoders, processing };
      return new Segmenter({ variant, backend, info, weights, ...programs, timings });
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

  /** Frees the model. Images that it encoded cannot be segmented afterwards. */
  dispose(): void {
    if (this.#disposed) {
      return;
    }
    this.#disposed = true;
    const { encoder, decoders, backend, weights } = this.#parts;
    encoder.dispose();
    decoders.dispose();
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
