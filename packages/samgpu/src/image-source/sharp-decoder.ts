import type sharpModule from 'sharp';
import type { Metadata, SharpOptions } from 'sharp';

import { ImageError } from './image-error.ts';
import { describeStart, findFormat } from './image-format.ts';
import { checkPixelLimit } from './image-input.ts';
import type { PixelImage } from './pixel-image.ts';

type Sharp = typeof sharpModule;

const READABLE = 'JPEG, PNG, WebP, AVIF, TIFF and GIF are read; convert it to one of them first.';

/**
 * Decodes the first picture of an image file to upright 8-bit sRGB.
 *
 * The size is read from the header and checked before any pixel is decoded.
 *
 * @param name - what errors call the image
 * @param maxPixels - largest width times height
 * @throws ImageError
 */
export async function decodeImage(
  name: string,
  bytes: Uint8Array,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<PixelImage> {
  refuseUnknownFormat(name, bytes);
  const sharp = await loadSharp();
  signal?.throwIfAborted();
  const size = await readHeader(sharp, name, bytes);
  checkPixelLimit(name, size, maxPixels);
  signal?.throwIfAborted();
  const image = await decodePixels(sharp, name, bytes, maxPixels);
  signal?.throwIfAborted();
  return image;
}

/** @throws ImageError `empty` or `unsupported-format` by the first bytes of a file. */
export function refuseUnknownFormat(name: string, start: Uint8Array): void {
  if (start.length === 0) throw new ImageError('empty', `${name} is empty (0 bytes).`);
  if (findFormat(start)?.readable === true) return;
  throw new ImageError('unsupported-format', `${name} holds ${describeStart(start)}. ${READABLE}`);
}

async function loadSharp(): Promise<Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new ImageError(
      'missing-decoder',
      'Reading image files in Node needs the package sharp, which is not installed or does not ' +
        'load on this platform. Run `npm install sharp`, or pass raw pixels as ' +
        '{ width, height, channels, data }.',
      { cause },
    );
  }
}

async function readHeader(sharp: Sharp, name: string, bytes: Uint8Array): Promise<Metadata> {
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw corrupt(name, bytes, cause);
  }
  if (metadata.compression === 'hevc') {
    throw new ImageError('unsupported-format', `${name} holds HEIC data. ${READABLE}`);
  }
  return metadata;
}

async function decodePixels(
  sharp: Sharp,
  name: string,
  bytes: Uint8Array,
  maxPixels: number,
): Promise<PixelImage> {
  const options: SharpOptions = {
    // Ends a truncated image with an error, not with a grey rest. The next level, `warning`, would
    // also refuse photographs with harmless oddities that every viewer shows.
    failOn: 'error',
    limitInputPixels: Number.isFinite(maxPixels) ? maxPixels : false,
  };
  let decoded;
  try {
    decoded = await sharp(bytes, options)
      .autoOrient()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw corrupt(name, bytes, cause);
  }
  const { data, info } = decoded;
  const { width, height } = info;
  const channels: number = info.channels;
  if (channels !== 3 && channels !== 4) {
    throw new ImageError(
      'unsupported-format',
      `${name} has ${channels} channels; greyscale, RGB and CMYK with or without alpha are read.`,
    );
  }
  return {
    width,
    height,
    channels,
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function corrupt(name: string, bytes: Uint8Array, cause: unknown): ImageError {
  const format = findFormat(bytes)?.name ?? 'image';
  // libvips collects one line for each thing that it tried; the first names the fault.
  const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n');
  return new ImageError(
    'corrupt',
    `${name} is a damaged or truncated ${format} of ${bytes.length} bytes: ${reason}.`,
    { cause },
  );
}
