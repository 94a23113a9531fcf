import { type DeviceValue, disposeValues, type HostValue } from '@samgpu/graph';
import type { Mask } from '@samgpu/mask';
import { answerRule, type Variant } from '@samgpu/variant';

import { EverythingRun } from '../everything/everything-run.ts';
import type { EverythingOptions } from '../everything/everything-options.ts';
import type { EverythingImage } from '../everything/find-everything.ts';
import type { DecodedBatch } from '../everything/scan-image.ts';
import type { PixelImage } from '../image-source/index.ts';
import { decodeBatch } from './decode-batch.ts';
import type { DecoderPool } from './decoder-pool.ts';
import { isDeviceLoss } from './device-loss.ts';
import { answerRequest, type DecodedPrompt, masksOf } from './masks-of.ts';
import type { Prompt, Segmentation, SegmentOptions } from './prompt.ts';
import { batchPrompts, MAXIMUM_PROMPTS, type PromptBatch } from './prompt-batch.ts';
import { SegmenterError } from './segmenter-error.ts';
import type { SourceImage } from './source-image.ts';

/** How long the parts of `encode` took, in milliseconds. */
export interface EncodeTimings {
  /** Decoding the file to pixels. */
  readonly read: number;
  /** Resampling and normalising; on a GPU, until the work is submitted. */
  readonly preprocess: number;
  /** The network. */
  readonly encode: number;
}

/** What the encoder gave, by name. */
export type Features = Readonly<Record<string, DeviceValue>>;

/** @internal What an encoded image is made of. */
export interface EncodedImageParts {
  readonly variant: Variant;
  readonly source: SourceImage;
  readonly features: Features;
  /** Runs the encoder again, for when a device is lost and its values with it. */
  readonly encodeAgain: () => Promise<Features>;
  /** Encodes other pixels with the same model. */
  readonly encodeOther: (pixels: PixelImage, signal: AbortSignal) => Promise<EncodedImage>;
  readonly decoders: DecoderPool;
  readonly timings: EncodeTimings;
}

/**
 * An image after the encoder: every prompt on it runs only the decoder.
 *
 * It holds the features, on the device of its segmenter, and the pixels, in the memory of JavaScript
 * or, if they came from a GPU or through one, there. Dispose of it when done.
 */
export class EncodedImage {
  readonly width: number;
  readonly height: number;
  readonly timings: EncodeTimings;
  readonly #parts: EncodedImageParts;
  #features: Features;
  #restoring: Promise<void> | undefined;
  #disposed = false;

  /** @internal Use `Segmenter.encode`. */
  constructor(parts: EncodedImageParts) {
    this.#parts = parts;
    this.#features = parts.features;
    const { original } = parts.source.frame;
    this.width = original.width;
    this.height = original.height;
    this.timings = parts.timings;
  }

  /**
   * The pixels as they were read: upright, sRGB. Shared: do not write to them.
   *
   * @throws SegmenterError `pixels-on-device` for an image that came as a texture, or went to the GPU
   *   without a detour: `readPixels` brings its pixels here
   */
  get pixels(): PixelImage {
    return this.#parts.source.pixels;
  }

  /**
   * The pixels, read back from the GPU if they are there. Afterwards `pixels`, and `cutout` and
   * `overlay` of masks, have them.
   *
   * @throws SegmenterError `pixels-lost` where the device went before they were read, or `disposed`
   */
  async readPixels(): Promise<PixelImage> {
    return this.#parts.source.read();
  }

  /**
   * Segments one object, or several at once.
   *
   * @param prompt - what to segment; of a list every entry is an object of its own
   * @returns masks at the size of the image, for a list one entry per prompt in its order
   * @throws PromptError for coordinates that do not fit the image
   * @throws SegmenterError for a prompt that the model does not take
   * @throws VariantError for an answer that the model does not give
   */
  segment(prompt: Prompt, options?: SegmentOptions): Promise<Segmentation>;
  segment(prompts: readonly Prompt[], options?: SegmentOptions): Promise<Segmentation[]>;
  async segment(
    prompt: Prompt | readonly Prompt[],
    options: SegmentOptions = {},
  ): Promise<Segmentation | Segmentation[]> {
    const prompts = isList(prompt) ? prompt : [prompt];
    const { variant, source } = this.#live();
    answerRule(variant, answerRequest(options));
    // All prompts are checked before any is run: a call succeeds or fails as a whole.
    const batches = chunks(prompts).map((chunk) => ({
      prompts: chunk,
      batch: batchPrompts(chunk, variant, source.frame),
    }));
    const decodedPrompts: DecodedPrompt[] = [];
    const start = performance.now();
    for (const { prompts: chunk, batch } of batches) {
      options.signal?.throwIfAborted();
      const { logits, scores } = await this.#decode(batch, options.signal);
      for (const [row, prompt] of chunk.entries()) {
        decodedPrompts.push({ prompt, logits: rowOf(logits, row), scores: rowOf(scores, row) });
      }
    }
    const decoded = performance.now();
    const masks: Mask[][] = [];
    for (const decodedPrompt of decodedPrompts) {
      options.signal?.throwIfAborted();
      masks.push(masksOf(decodedPrompt, this.#parts, options));
    }
    const timings = { decode: decoded - start, masks: performance.now() - decoded };
    const results = masks.map((list): Segmentation => ({ masks: list, mask: list[0]!, timings }));
    return isList(prompt) ? results : results[0]!;
  }

  /**
   * Finds all objects of the image by asking the model at a grid of points, as the official
   * automatic mask generator does. It begins at once.
   *
   * @returns a run to await for all masks, or to iterate over for masks as they are found
   * @throws SegmenterError `invalid-option`; this and all other errors reject what is awaited
   */
  segmentEverything(options: EverythingOptions = {}): EverythingRun {
    return new EverythingRun(this.#everythingImage(), options);
  }

  /** Frees what is on the device. Masks that were made of this image stay valid. */
  dispose(): void {
    if (!this.#disposed) {
      this.#disposed = true;
      disposeValues(this.#features);
      this.#parts.source.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #everythingImage(): EverythingImage {
    const { variant, source, encodeOther } = this.#parts;
    return {
      variant,
      source,
      frame: source.frame,
      decode: (batch, signal) => this.#decode(batch, signal),
      encode: async (crop, signal) => {
        this.#live();
        const other = await encodeOther(crop, signal);
        return { ...other.#everythingImage(), dispose: () => other.dispose() };
      },
    };
  }

  async #decode(batch: PromptBatch, signal: AbortSignal | undefined): Promise<DecodedBatch> {
    const features = this.#features;
    try {
      return await this.#runDecoder(batch, signal);
    } catch (error) {
      if (!isDeviceLoss(error) || this.#disposed) {
        throw error;
      }
      // The features went with the device; the pixels are still here.
      await this.#restore(features);
      return this.#runDecoder(batch, signal);
    }
  }

  async #runDecoder(batch: PromptBatch, signal: AbortSignal | undefined): Promise<DecodedBatch> {
    return decodeBatch(this.#live().decoders, batch, this.#features, signal);
  }

  /** Encodes again, once for all calls that found the same features lost. */
  async #restore(lost: Features): Promise<void> {
    if (this.#features === lost) {
      this.#restoring ??= this.#encodeAgain(lost).finally(() => {
        this.#restoring = undefined;
      });
      await this.#restoring;
    }
  }

  async #encodeAgain(lost: Features): Promise<void> {
    const features = await this.#parts.encodeAgain();
    disposeValues(lost);
    if (this.#disposed) {
      disposeValues(features);
    } else {
      this.#features = features;
    }
  }

  #live(): EncodedImageParts {
    if (this.#disposed) {
      throw new SegmenterError(
        'disposed',
        'cannot segment: this image was disposed of; encode it again',
      );
    }
    return this.#parts;
  }
}

function isList(prompt: Prompt | readonly Prompt[]): prompt is readonly Prompt[] {
  return Array.isArray(prompt);
}

function chunks(prompts: readonly Prompt[]): (readonly Prompt[])[] {
  const result: (readonly Prompt[])[] = [];
  for (let start = 0; start < prompts.length; start += MAXIMUM_PROMPTS) {
    result.push(prompts.slice(start, start + MAXIMUM_PROMPTS));
  }
  return result;
}

// A copy, so that a mask does not keep the logits of a whole batch alive.
function rowOf({ shape, data }: HostValue, row: number): Float32Array {
  const length = data.length / (shape[0] ?? 1);
  return Float32Array.from(data.subarray(row * length, (row + 1) * length));
}
