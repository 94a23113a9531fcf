import { type DeviceValue, disposeValues } from '@samgpu/graph';
import type { Mask } from '@samgpu/mask';
import type { Matte, MatteOptions } from '@samgpu/matte';
import { type AnswerRule, answerRule, type Variant } from '@samgpu/variant';
import type { WebGpuBackend } from '@samgpu/webgpu';

import { EverythingRun } from '../everything/everything-run.ts';
import type { EverythingOptions } from '../everything/everything-options.ts';
import type { EverythingImage } from '../everything/find-everything.ts';
import type { PixelImage } from '../image-source/index.ts';
import { type DecodeOptions, decodeBatch, type PartUse, readBatch } from './decode-batch.ts';
import { decodedPrompts, gpuMasks } from './decoded-prompts.ts';
import type { DecoderPool } from './decoder-pool.ts';
import { isDeviceLoss } from './device-loss.ts';
import { matteOn } from './device-matte.ts';
import { MaskEnlarger } from './device-masks.ts';
import type { GpuMask } from './gpu-mask.ts';
import { GpuSegmentation } from './gpu-segmentation.ts';
import { type AnswerMasks, answerRequest, type DecodedPrompt, masksOf } from './masks-of.ts';
import type { GpuSegmentOptions, Prompt, Segmentation, SegmentOptions } from './prompt.ts';
import { batchPrompts, MAXIMUM_PROMPTS, type PromptBatch } from './prompt-batch.ts';
import { SegmenterError } from './segmenter-error.ts';
import { segmentText, type TextImage } from '../text/segment-text.ts';
import type { TextOptions, TextResult } from '../text/text-options.ts';
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

/** Prompts as they are decoded together. */
interface CheckedPrompts {
  readonly prompts: readonly Prompt[];
  readonly batch: PromptBatch;
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
 * or, if they came as a texture, on the device, too. Dispose of it when done.
 */
export class EncodedImage {
  readonly width: number;
  readonly height: number;
  readonly timings: EncodeTimings;
  readonly #parts: EncodedImageParts;
  #features: Features;
  #restoring: Promise<void> | undefined;
  #enlarger: Promise<MaskEnlarger | undefined> | undefined;
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
   * @throws SegmenterError `pixels-on-device` for an image that came as a texture: `readPixels` brings
   *   its pixels here
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
  segment(prompt: Prompt, options: GpuSegmentOptions): Promise<GpuSegmentation>;
  segment(prompts: readonly Prompt[], options: GpuSegmentOptions): Promise<GpuSegmentation[]>;
  segment(prompt: Prompt, options?: SegmentOptions): Promise<Segmentation>;
  segment(prompts: readonly Prompt[], options?: SegmentOptions): Promise<Segmentation[]>;
  async segment(
    prompt: Prompt | readonly Prompt[],
    options: SegmentOptions | GpuSegmentOptions = {},
  ): Promise<Segmentation | Segmentation[] | GpuSegmentation | GpuSegmentation[]> {
    const { variant, source } = this.#live();
    const rule = answerRule(variant, answerRequest(options));
    // All prompts are checked before any is run: a call succeeds or fails as a whole.
    const batches = chunks(isList(prompt) ? prompt : [prompt]).map((chunk) => ({
      prompts: chunk,
      batch: batchPrompts(chunk, variant, source.frame),
    }));
    const results =
      options.output === 'gpu'
        ? await this.#onGpu(batches, rule, options)
        : await this.#toMasks(batches, rule, options);
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

  /**
   * Finds objects by words: a grounder gives boxes, the model their masks.
   *
   * ```ts
   * const { masks } = await image.segmentText('the red car', { grounder });
   * ```
   *
   * @throws SegmenterError `invalid-option`, or `unsupported-prompt` for a model that takes no boxes
   * @throws GrounderError for words or answers that are of no use, and whatever the grounder throws
   */
  async segmentText(words: string, options: TextOptions): Promise<TextResult> {
    const { variant, source } = this.#live();
    const image: TextImage = {
      variant,
      readPixels: () => this.readPixels(),
      segment: (prompts, how) => this.segment(prompts, how),
      pixels: () => source.pixels,
    };
    return segmentText(image, words, options);
  }

  /**
   * Finds how much of each pixel along the edge of an object belongs to it; see `matte`. The matte's
   * `foreground()` is the object cut out, in colours of its own. The pixels of a texture are read back
   * for it. It is made on the GPU where masks are enlarged there (`imageProcessing`), and by JavaScript if
   * the device is lost on the way.
   *
   * @param mask - of this image
   * @throws MaskError `size-mismatch` or `invalid-option`
   * @throws SegmenterError `pixels-lost` or `disposed`
   */
  async matte(mask: Mask, options: MatteOptions = {}): Promise<Matte> {
    const pixels = await this.readPixels();
    return matteOn(this.#parts.source.pixelDevice, pixels, mask, options);
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
      decode: (batch, signal) => this.#decode(batch, { signal }, readBatch),
      encode: async (crop, signal) => {
        this.#live();
        const other = await encodeOther(crop, signal);
        return { ...other.#everythingImage(), dispose: () => other.dispose() };
      },
    };
  }

  async #toMasks(
    batches: readonly CheckedPrompts[],
    rule: AnswerRule,
    options: SegmentOptions,
  ): Promise<Segmentation[]> {
    const decoded: DecodedPrompt[] = [];
    const start = performance.now();
    const enlarger = await this.#enlargerOf(this.#parts.source.pixelDevice);
    for (const { prompts, batch } of batches) {
      options.signal?.throwIfAborted();
      const parts = await this.#decode(batch, options, (outputs, rows) =>
        decodedPrompts(outputs, prompts.slice(rows.from, rows.to), enlarger, rule.masks),
      );
      decoded.push(...parts.flat());
    }
    const done = performance.now();
    const answers: AnswerMasks[] = [];
    for (const one of decoded) {
      options.signal?.throwIfAborted();
      answers.push(masksOf(one, this.#parts, options));
    }
    const timings = { decode: done - start, masks: performance.now() - done };
    return answers.map(({ masks, outputs }): Segmentation => ({
      masks,
      mask: masks[0]!,
      outputs,
      timings,
    }));
  }

  async #onGpu(
    batches: readonly CheckedPrompts[],
    rule: AnswerRule,
    options: GpuSegmentOptions,
  ): Promise<GpuSegmentation[]> {
    const { gpu } = this.#parts.source;
    if (gpu === undefined) {
      throw new SegmenterError(
        'no-device',
        "output: 'gpu' wants a model that runs on WebGPU; leave it out, or load the segmenter with " +
          "backend: 'webgpu'",
      );
    }
    const enlarger = new MaskEnlarger(gpu, this.#parts.variant, this.#parts.source.frame);
    const masks: GpuMask[][] = [];
    try {
      for (const { prompts, batch } of batches) {
        options.signal?.throwIfAborted();
        // Whoever draws the masks waits for them on the device.
        const until = { signal: options.signal, until: 'submitted' } as const;
        const parts = await this.#decode(batch, until, (outputs, rows) => {
          const count = prompts.slice(rows.from, rows.to).length;
          return gpuMasks(outputs, count, enlarger, rule, this.#parts);
        });
        masks.push(...parts.flat());
      }
    } catch (error) {
      masks.flat().forEach((mask) => mask.dispose());
      throw error;
    }
    return masks.map((list) => new GpuSegmentation(list));
  }

  /** Where there is a device for masks of this image, and room on it. */
  #enlargerOf(device: WebGpuBackend | undefined): Promise<MaskEnlarger | undefined> {
    const { variant, source } = this.#parts;
    this.#enlarger ??= (async () => {
      const made = device && new MaskEnlarger(device, variant, source.frame);
      return (await made?.fits()) === true ? made : undefined;
    })();
    // A device that was lost meanwhile may be back the next time.
    this.#enlarger.catch(() => {
      this.#enlarger = undefined;
    });
    return this.#enlarger;
  }

  /** @param use - takes what the decoder gave for some of the prompts, and disposes of it */
  async #decode<Result>(
    batch: PromptBatch,
    options: DecodeOptions,
    use: PartUse<Result>,
  ): Promise<Result[]> {
    const features = this.#features;
    try {
      return await this.#runDecoder(batch, options, use);
    } catch (error) {
      if (!isDeviceLoss(error) || this.#disposed) {
        throw error;
      }
      // The features went with the device; the pixels are still here.
      await this.#restore(features);
      return this.#runDecoder(batch, options, use);
    }
  }

  #runDecoder<Result>(
    batch: PromptBatch,
    options: DecodeOptions,
    use: PartUse<Result>,
  ): Promise<Result[]> {
    return decodeBatch(this.#live().decoders, batch, this.#features, options, use);
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
