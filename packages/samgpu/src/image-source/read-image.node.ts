import { open, type FileHandle } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { ImageError } from './image-error.ts';
import { SIGNATURE_LENGTH } from './image-format.ts';
import {
  blobOfResponse,
  type BrowserImage,
  classNameOf,
  DEFAULT_MAX_PIXELS,
  nameOfSource,
  refuseTexture,
  type ImageInput,
  type ImageSourceOptions,
} from './image-input.ts';
import type { PixelImage } from './pixel-image.ts';
import { asRawPixels } from './raw-pixels.ts';
import { decodeImage, refuseUnknownFormat } from './sharp-decoder.ts';

/**
 * Reads an image to upright 8-bit sRGB pixels, RGBA where the image has an alpha channel, else RGB.
 *
 * Files are decoded by `sharp`. EXIF orientation is applied, colour profiles are converted, 16 bits
 * become 8, greyscale and CMYK become RGB; of animations and multi-page files the first picture is
 * taken. Raw pixels are passed through without a copy. Nothing is fetched over the network.
 *
 * @throws ImageError
 */
export async function readImage(
  source: ImageInput,
  { maxPixels = DEFAULT_MAX_PIXELS, signal }: ImageSourceOptions = {},
): Promise<PixelImage> {
  signal?.throwIfAborted();
  refuseTexture(source);
  const pixels = asRawPixels(source);
  if (pixels !== undefined) {
    requireSrgb(source);
    return pixels;
  }
  const bytes = await readBytes(source, signal);
  signal?.throwIfAborted();
  return decodeImage(nameOfSource(source), bytes, maxPixels, signal);
}

/** Node holds no pictures: every image is read to pixels. */
export async function openBrowserImage(
  _source: ImageInput,
  _options?: ImageSourceOptions,
): Promise<BrowserImage | undefined> {
  return undefined;
}

function requireSrgb(source: ImageInput): void {
  const colorSpace = typeof source === 'object' && 'colorSpace' in source && source.colorSpace;
  if (typeof colorSpace !== 'string' || colorSpace === 'srgb') return;
  throw new ImageError(
    'invalid-pixels',
    `${nameOfSource(source)} has the colour space ${colorSpace}; give pixels in srgb.`,
  );
}

async function readBytes(source: ImageInput, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (typeof source === 'string') return readFileBytes(source, pathOf(source), signal);
  switch (classNameOf(source)) {
    case 'URL':
      return readFileBytes(nameOfSource(source), pathOf((source as URL).href), signal);
    case 'Uint8Array':
      return source as Uint8Array;
    case 'ArrayBuffer':
      return new Uint8Array(source as ArrayBuffer);
    case 'Blob':
    case 'File':
      return new Uint8Array(await (source as Blob).arrayBuffer());
    case 'Response':
      return new Uint8Array(await (await blobOfResponse(source as Response)).arrayBuffer());
    default:
      throw new ImageError(
        'unsupported-source',
        `${nameOfSource(source)} is no image source in Node. Give a path, a file: URL, a Buffer, ` +
          'a Blob, or raw pixels as { width, height, channels, data }.',
      );
  }
}

// A drive letter is no scheme, so a scheme has at least two characters.
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

function pathOf(pathOrUrl: string): string {
  const scheme = SCHEME.exec(pathOrUrl)?.[1]?.toLowerCase();
  if (scheme === undefined) return pathOrUrl;
  if (scheme === 'file') return fileURLToPath(pathOrUrl);
  if (['http', 'https', 'data', 'blob'].includes(scheme)) {
    throw new ImageError(
      'unsupported-source',
      `${nameOfSource(pathOrUrl)} is not a file, and URLs are not fetched. ` +
        'Fetch it first and pass the response: readImage(await fetch(url)).',
    );
  }
  return pathOrUrl;
}

async function readFileBytes(
  name: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const stats = await file.stat();
    if (stats.isDirectory()) {
      throw new ImageError('unreadable', `${name} is a folder; give the path of one image file.`);
    }
    if (!stats.isFile()) {
      throw new ImageError('unreadable', `${name} is a device or a pipe, not an image file.`);
    }
    // A look at the start keeps a large file that is no image out of memory.
    const start = new Uint8Array(SIGNATURE_LENGTH);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    refuseUnknownFormat(name, start.subarray(0, bytesRead));
    return await file.readFile({ signal });
  } catch (error) {
    signal?.throwIfAborted(); // readFile rejects with an error of its own, not with the reason
    throw describeFileError(name, error);
  } finally {
    await file?.close();
  }
}

function describeFileError(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ImageError('not-found', `There is no file ${name}.`, { cause: error });
  }
  if (typeof code !== 'string' || error instanceof ImageError) return error;
  return new ImageError('unreadable', `${name} cannot be read (${code}).`, { cause: error });
}
