import { ImageError } from './image-error.ts';
import type { PixelImage } from './pixel-image.ts';

/** RGBA pixels in the shape of the web's `ImageData`. */
export interface ImageDataLike {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 4]`, straight alpha. */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly colorSpace?: string;
}

/**
 * Whatever an image can be read from.
 *
 * - anywhere: raw pixels; an encoded image as `Blob`, `File`, `Response`, `ArrayBuffer` or
 *   `Uint8Array` (a Node `Buffer` is one)
 * - Node: the path or `file:` URL of an image file
 * - browser: `ImageBitmap`, `HTMLImageElement`, canvas, `HTMLVideoElement` (its current frame),
 *   `VideoFrame`
 * - on WebGPU: a `GPUTexture` of the segmenter's device
 */
export type ImageInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | Response
  | PixelImage
  | ImageDataLike
  | ImageData
  | ImageBitmap
  | HTMLImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLVideoElement
  | VideoFrame
  | GPUTexture;

/** A picture that a browser holds decoded: it can go to a texture as it is, and be read at any time. */
export interface BrowserImage {
  readonly width: number;
  readonly height: number;
  readonly bitmap: ImageBitmap;
  /**
   * The pixels, read now.
   *
   * @throws ImageError `unreadable` for pictures of another origin
   */
  readonly readPixels: () => PixelImage;
}

export interface ImageSourceOptions {
  /**
   * Largest width times height that is decoded. Guards against small files that unpack to
   * gigabytes. Default {@link DEFAULT_MAX_PIXELS}; `Infinity` for no limit.
   */
  readonly maxPixels?: number;
  /** Stops between reading, decoding and unpacking; a running decoder finishes its step first. */
  readonly signal?: AbortSignal;
}

/** 2^28 pixels, a square of 16384: 768 MiB as RGB. */
export const DEFAULT_MAX_PIXELS: number = 2 ** 28;

/** @throws ImageError `too-large` if the image has more pixels than the limit. */
export function checkPixelLimit(
  name: string,
  { width, height }: { readonly width: number; readonly height: number },
  maxPixels: number,
): void {
  const pixels = width * height;
  // Written so that NaN, from whichever side, is refused.
  if (pixels <= maxPixels) return;
  throw new ImageError(
    'too-large',
    `${name} is ${width} x ${height}, ${pixels} pixels; the limit is ${maxPixels}. ` +
      'If you trust the image, raise the limit with the option maxPixels.',
  );
}

/** The class of a value, by name: works across realms and where the class is not defined. */
export function classNameOf(value: unknown): string {
  if (value === null) return 'null';
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

export function isTexture(source: ImageInput): source is GPUTexture {
  return classNameOf(source) === 'GPUTexture';
}

/** @throws ImageError `unsupported-source` for a texture, which only its own device can read */
export function refuseTexture(source: ImageInput): void {
  if (isTexture(source)) {
    throw new ImageError(
      'unsupported-source',
      'A GPUTexture is read by a segmenter on its device only. Load it with ' +
        "{ backend: 'webgpu', webgpu: { device } }, or give the pixels.",
    );
  }
}

/** What an error calls a source: the name of a file, else what kind of thing it is. */
export function nameOfSource(source: ImageInput): string {
  if (typeof source === 'string') return shorten(source);
  const className = classNameOf(source);
  if (className === 'URL') return shorten((source as URL).href);
  if (className === 'File') return shorten((source as File).name);
  return `The ${className}`;
}

function shorten(text: string): string {
  const limit = 200;
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
}

/**
 * The bytes of a response that was fetched.
 *
 * @throws ImageError `unreadable` if the server answered with an error or the body was read before.
 */
export async function blobOfResponse(response: Response): Promise<Blob> {
  const name = response.url === '' ? 'The response' : shorten(response.url);
  if (!response.ok) {
    throw new ImageError('unreadable', `${name} was answered with HTTP status ${response.status}.`);
  }
  if (response.bodyUsed) {
    throw new ImageError(
      'unreadable',
      `The body of ${name} was read before. Give a fresh response, or the Blob that was read.`,
    );
  }
  return response.blob();
}
