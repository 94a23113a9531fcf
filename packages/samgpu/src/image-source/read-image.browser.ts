import { ImageError } from './image-error.ts';
import { describeStart, SIGNATURE_LENGTH } from './image-format.ts';
import {
  blobOfResponse,
  type BrowserImage,
  checkPixelLimit,
  classNameOf,
  DEFAULT_MAX_PIXELS,
  nameOfSource,
  refuseTexture,
  type ImageInput,
  type ImageSourceOptions,
} from './image-input.ts';
import type { PixelImage } from './pixel-image.ts';
import { asRawPixels } from './raw-pixels.ts';

// The largest canvas of Safari on iOS; other browsers allow more.
const TILE_SIDE = 4096;

/**
 * Reads an image to upright 8-bit sRGB pixels, RGBA with straight alpha.
 *
 * The browser decodes: EXIF orientation is applied and colour profiles are converted. `ImageData` in
 * sRGB and raw pixels are passed through without a copy. Nothing is fetched over the network.
 *
 * The pixel limit is checked before elements, frames and bitmaps are unpacked. The size of an
 * encoded image is known only once the browser has decoded it, so there the limit comes after.
 *
 * @throws ImageError
 */
export async function readImage(
  source: ImageInput,
  { maxPixels = DEFAULT_MAX_PIXELS, signal }: ImageSourceOptions = {},
): Promise<PixelImage> {
  signal?.throwIfAborted();
  refuseTexture(source);
  const { colorSpace } = source as { readonly colorSpace?: unknown };
  if (colorSpace === undefined || colorSpace === 'srgb') {
    const pixels = asRawPixels(source);
    if (pixels !== undefined) return pixels;
  }
  const name = nameOfSource(source);
  const drawable = await prepareDrawable(name, source, maxPixels);
  signal?.throwIfAborted();
  if (classNameOf(drawable) === 'ImageBitmap' && drawable === source) {
    return readBitmap(name, drawable as ImageBitmap, maxPixels);
  }
  const bitmap = await decodeBitmap(name, drawable);
  try {
    signal?.throwIfAborted();
    return readBitmap(name, bitmap, maxPixels);
  } finally {
    bitmap.close();
  }
}

/**
 * An image as the browser holds it: decoded, or a copy of what a canvas or a video shows now.
 *
 * @returns undefined for what is pixels already
 * @throws ImageError
 */
export async function openBrowserImage(
  source: ImageInput,
  { maxPixels = DEFAULT_MAX_PIXELS, signal }: ImageSourceOptions = {},
): Promise<BrowserImage | undefined> {
  signal?.throwIfAborted();
  if (typeof source === 'object' && source !== null && 'data' in source) return undefined;
  const name = nameOfSource(source);
  const drawable = await prepareDrawable(name, source, maxPixels);
  signal?.throwIfAborted();
  const bitmap = await decodeBitmap(name, drawable, MOVING.includes(classNameOf(drawable)));
  try {
    signal?.throwIfAborted();
    checkPixelLimit(name, bitmap, maxPixels);
  } catch (error) {
    bitmap.close();
    throw error;
  }
  const { width, height } = bitmap;
  const readPixels = (): PixelImage => readBitmap(name, bitmap, maxPixels);
  return { width, height, bitmap, readPixels };
}

/**
 * What is in the memory of a GPU often, and nearly always opaque. Dividing by its alpha would take it
 * through the memory of JavaScript.
 */
const MOVING = ['HTMLCanvasElement', 'OffscreenCanvas', 'HTMLVideoElement', 'VideoFrame'];

type BitmapSource = Exclude<ImageBitmapSource, SVGImageElement>;

async function prepareDrawable(
  name: string,
  source: ImageInput,
  maxPixels: number,
): Promise<BitmapSource> {
  switch (classNameOf(source)) {
    case 'Blob':
    case 'File':
      return source as Blob;
    case 'Response':
      return blobOfResponse(source as Response);
    case 'Uint8Array':
    case 'ArrayBuffer':
      return new Blob([source as Uint8Array<ArrayBuffer> | ArrayBuffer]);
    case 'HTMLImageElement':
      return prepareImageElement(name, source as HTMLImageElement, maxPixels);
    case 'HTMLVideoElement':
      return prepareVideo(name, source as HTMLVideoElement, maxPixels);
    case 'VideoFrame': {
      const frame = source as VideoFrame;
      checkSize(name, { width: frame.displayWidth, height: frame.displayHeight }, maxPixels);
      return frame;
    }
    case 'ImageBitmap':
    case 'ImageData':
    case 'HTMLCanvasElement':
    case 'OffscreenCanvas': {
      const drawable = source as ImageBitmap | ImageData | HTMLCanvasElement | OffscreenCanvas;
      checkSize(name, drawable, maxPixels);
      return drawable;
    }
    default:
      throw new ImageError(
        'unsupported-source',
        `${name} is no image source in a browser. URLs are not fetched: fetch first and pass the ` +
          'response, or give a Blob, an image, canvas or video element, or ImageData.',
      );
  }
}

async function prepareImageElement(
  name: string,
  image: HTMLImageElement,
  maxPixels: number,
): Promise<HTMLImageElement> {
  if (!image.complete || image.naturalWidth === 0) {
    try {
      await image.decode();
    } catch (cause) {
      const url = image.currentSrc.slice(0, 200);
      throw new ImageError('unreadable', `The image element did not load ${url}.`, { cause });
    }
  }
  checkSize(name, { width: image.naturalWidth, height: image.naturalHeight }, maxPixels);
  return image;
}

function prepareVideo(name: string, video: HTMLVideoElement, maxPixels: number): HTMLVideoElement {
  if (video.readyState < video.HAVE_CURRENT_DATA) {
    throw new ImageError(
      'unreadable',
      'The video element has no frame yet. Wait for its loadeddata or seeked event.',
    );
  }
  checkSize(name, { width: video.videoWidth, height: video.videoHeight }, maxPixels);
  return video;
}

function checkSize(
  name: string,
  size: { readonly width: number; readonly height: number },
  maxPixels: number,
): void {
  if (size.width === 0 || size.height === 0) {
    throw new ImageError(
      'empty',
      `${name} is ${size.width} x ${size.height}; it was closed, or never had a size.`,
    );
  }
  checkPixelLimit(name, size, maxPixels);
}

async function decodeBitmap(
  name: string,
  drawable: BitmapSource,
  premultiplied = false,
): Promise<ImageBitmap> {
  const isEncoded = drawable instanceof Blob;
  if (isEncoded && drawable.size === 0) {
    throw new ImageError('empty', `${name} is empty (0 bytes).`);
  }
  try {
    return await createImageBitmap(drawable, {
      imageOrientation: 'from-image',
      premultiplyAlpha: premultiplied ? 'default' : 'none',
    });
  } catch (cause) {
    if (!isEncoded) throw unreadable(name, cause);
    const start = new Uint8Array(await drawable.slice(0, SIGNATURE_LENGTH).arrayBuffer());
    throw new ImageError(
      'corrupt',
      `The browser cannot decode ${name}, ${drawable.size} bytes of ${describeStart(start)}. ` +
        'It is damaged, or of a kind that this browser does not read; try JPEG or PNG.',
      { cause },
    );
  }
}

function readBitmap(name: string, bitmap: ImageBitmap, maxPixels: number): PixelImage {
  const { width, height } = bitmap;
  checkPixelLimit(name, bitmap, maxPixels);
  if (width <= TILE_SIDE && height <= TILE_SIDE) {
    return { width, height, channels: 4, data: readTile(name, bitmap, 0, 0, width, height) };
  }
  const data = new Uint8ClampedArray(width * height * 4);
  for (let top = 0; top < height; top += TILE_SIDE) {
    for (let left = 0; left < width; left += TILE_SIDE) {
      const tileWidth = Math.min(TILE_SIDE, width - left);
      const tileHeight = Math.min(TILE_SIDE, height - top);
      const tile = readTile(name, bitmap, left, top, tileWidth, tileHeight);
      for (let y = 0; y < tileHeight; y++) {
        const row = tile.subarray(y * tileWidth * 4, (y + 1) * tileWidth * 4);
        data.set(row, ((top + y) * width + left) * 4);
      }
    }
  }
  return { width, height, channels: 4, data };
}

function readTile(
  name: string,
  bitmap: ImageBitmap,
  left: number,
  top: number,
  width: number,
  height: number,
): Uint8ClampedArray {
  const canvas = new OffscreenCanvas(width, height);
  // Kept in main memory: the pixels are read back at once and the canvas is dropped.
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  if (context === null) {
    throw new ImageError(
      'unreadable',
      `The browser gave no canvas of ${width} x ${height} to read ${name}; free some memory.`,
    );
  }
  context.drawImage(bitmap, -left, -top);
  try {
    return context.getImageData(0, 0, width, height).data;
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function unreadable(name: string, cause: unknown): ImageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ImageError(
    'unreadable',
    `The browser does not give the pixels of ${name}: ${reason} ` +
      'An image from another origin must be served with CORS headers and loaded with ' +
      'crossOrigin = "anonymous".',
    { cause },
  );
}
