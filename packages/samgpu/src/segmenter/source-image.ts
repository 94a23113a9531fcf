import type { Backend, DeviceValue, HostValue } from '@samgpu/graph';
import type { ImagePreprocessing } from '@samgpu/variant';
import type { DeviceImage, DeviceImages, ImageResampling, WebGpuBackend } from '@samgpu/webgpu';

import {
  type BrowserImage,
  type ImageInput,
  type ImageSourceOptions,
  isTexture,
  openBrowserImage,
  type PixelImage,
  readImage,
} from '../image-source/index.ts';
import { deviceResampling, Frame, preprocessImage } from '../preprocess/index.ts';
import { isDeviceLoss } from './device-loss.ts';
import { SegmenterError } from './segmenter-error.ts';

/**
 * Where images are resampled, masks enlarged and mattes made: `auto` on a real GPU where the model
 * runs there, else on the CPU. What comes out is the same; of mattes but for rounding.
 */
export type ImageProcessing = 'auto' | 'device' | 'cpu';

/** Where and for what images are prepared. */
export interface ImageContext {
  readonly backend: Backend;
  readonly rules: ImagePreprocessing;
  readonly processing: ImageProcessing;
}

/** Masks and mattes with fewer pixels are made by JavaScript before a GPU has answered. */
const LEAST_DEVICE_PIXELS = 2 ** 16;

/** The GPU backend, if work on pixels is to be done on it. */
export function pixelDevice({ backend, processing }: ImageContext): WebGpuBackend | undefined {
  if (!isWebGpu(backend) || processing === 'cpu') {
    return undefined;
  }
  // A rasteriser is slower at it than JavaScript is.
  return processing === 'device' || !backend.software ? backend : undefined;
}

function isWebGpu(backend: Backend): backend is WebGpuBackend {
  return backend.kind === 'webgpu';
}

/**
 * The picture that is segmented. It has one form: pixels in the memory of JavaScript; a picture of the
 * browser, until its pixels are asked for; or, if it came as a texture, a copy on the device, until
 * that is read.
 */
export class SourceImage {
  readonly frame: Frame;
  readonly #context: ImageContext;
  #pixels: PixelImage | undefined;
  #picture: BrowserImage | undefined;
  #image: DeviceImage | undefined;
  #reading: Promise<PixelImage> | undefined;
  #disposed = false;

  private constructor(context: ImageContext, origin: PixelImage | BrowserImage | DeviceImage) {
    this.#context = context;
    this.frame = new Frame(origin, context.rules);
    if ('data' in origin) {
      this.#pixels = origin;
    } else if ('bitmap' in origin) {
      this.#picture = origin;
    } else {
      this.#image = origin;
    }
  }

  /**
   * @throws ImageError for an image that cannot be read
   * @throws WebGpuError `image` for a texture that cannot be read on this device
   */
  static async open(
    input: ImageInput,
    context: ImageContext,
    options: ImageSourceOptions,
  ): Promise<SourceImage> {
    const { backend } = context;
    if (isTexture(input) && isWebGpu(backend)) {
      // Nobody but its device can read it.
      return new SourceImage(context, await backend.images.fromTexture(input));
    }
    const picture =
      pixelDevice(context) === undefined ? undefined : await openBrowserImage(input, options);
    return new SourceImage(context, picture ?? (await readImage(input, options)));
  }

  /** The GPU backend of the model, if it has one. */
  get gpu(): WebGpuBackend | undefined {
    const { backend } = this.#context;
    return isWebGpu(backend) ? backend : undefined;
  }

  /** The GPU backend, if masks of this image are to be enlarged there, and mattes made. */
  get pixelDevice(): WebGpuBackend | undefined {
    const { width, height } = this.frame.original;
    const isLarge = width * height >= LEAST_DEVICE_PIXELS;
    return isLarge || this.#context.processing === 'device'
      ? pixelDevice(this.#context)
      : undefined;
  }

  /**
   * The pixels, if the memory of JavaScript has them or can have them at once.
   *
   * @throws SegmenterError `pixels-on-device`
   */
  get pixels(): PixelImage {
    if (this.#picture !== undefined) {
      this.#pixels = this.#picture.readPixels();
      this.#picture.bitmap.close();
      this.#picture = undefined;
    }
    if (this.#pixels === undefined) {
      throw new SegmenterError(
        'pixels-on-device',
        'this image came as a texture, and its pixels are on the GPU: call `await image.readPixels()` first, before ' +
          'the image is disposed of, or pass your own to the method of the mask as { source }',
      );
    }
    return this.#pixels;
  }

  /** @throws SegmenterError `pixels-lost` or `disposed` */
  async read(): Promise<PixelImage> {
    if (this.#pixels === undefined && this.#picture === undefined) {
      if (this.#disposed) {
        throw new SegmenterError(
          'disposed',
          'cannot read the pixels: they were on the GPU and went with the image that was disposed ' +
            'of; call readPixels() before that',
        );
      }
      this.#reading ??= this.#readBack().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    return this.pixels;
  }

  /**
   * The input of the encoder. What is on the device belongs to the caller.
   *
   * @throws SegmenterError `pixels-lost` where they went with their device
   */
  async prepare(): Promise<HostValue | DeviceValue> {
    const { rules } = this.#context;
    const device = pixelDevice(this.#context);
    if (device !== undefined) {
      const how = deviceResampling(this.frame, rules);
      const isPossible = await device.images.canResample(this.frame.original, how);
      const tensor = isPossible ? await this.#resample(device.images, how) : undefined;
      if (tensor !== undefined) {
        return tensor;
      }
    }
    const { tensor } = preprocessImage(await this.read(), rules);
    return { shape: [1, rules.size, rules.size, 3], data: tensor };
  }

  /** Frees what is on the device. */
  dispose(): void {
    this.#disposed = true;
    this.#image?.dispose();
  }

  /** @returns undefined where the device has no way to the pixels */
  async #resample(images: DeviceImages, how: ImageResampling): Promise<DeviceValue | undefined> {
    if (this.#picture === undefined) {
      const origin = this.#image?.isLost === false ? this.#image : this.#pixels;
      return origin && images.resample(origin, how);
    }
    let image: DeviceImage | undefined;
    try {
      image = await images.fromExternal(this.#picture.bitmap, this.#picture);
      return await images.resample(image, how);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'image') {
        // The way through a canvas reads it after all, or says what is wrong.
        return undefined;
      }
      throw error;
    } finally {
      image?.dispose();
    }
  }

  async #readBack(): Promise<PixelImage> {
    const { width, height } = this.frame.original;
    try {
      const data = await this.#image!.read();
      this.#pixels = { width, height, channels: 4, data };
      // One copy is enough.
      this.#image!.dispose();
      this.#image = undefined;
      return this.#pixels;
    } catch (cause) {
      if (isDeviceLoss(cause)) {
        throw new SegmenterError(
          'pixels-lost',
          'the GPU device was lost, and with it the pixels of this image, which were only there; ' +
            'encode the image again from where it came from',
          { cause },
        );
      }
      throw cause;
    }
  }
}
