import { readFile } from 'node:fs/promises';
import {
  type Bitmap,
  type CompressedRle,
  decodeRle,
  fromCompressedRle,
  type PixelImage,
  readImage,
  type Rle,
  type Size,
} from 'samgpu';

import { InputError } from '../inputs/input-error.ts';

const OPAQUE = 255;
const HALF = 128;

/**
 * Reads a mask to start from: a picture, or run lengths as `--format rle` writes them.
 *
 * Of a picture with transparent pixels the opaque half is the object (a cutout is such a mask), of
 * any other the bright half.
 *
 * @param size - of the picture, if it is known by now
 * @throws ImageError, MaskError, or InputError `mask-size`
 */
export async function readPromptMask(path: string, size?: Size): Promise<Bitmap> {
  const mask = /\.json$/i.test(path) ? await readRunLengths(path) : toBitmap(await readImage(path));
  if (size !== undefined && (mask.width !== size.width || mask.height !== size.height)) {
    throw new InputError(
      'mask-size',
      `The mask ${path} is ${mask.width} x ${mask.height}, its picture ${size.width} x ${size.height}; ` +
        'a mask to start from must have the size of the picture.',
    );
  }
  return mask;
}

async function readRunLengths(path: string): Promise<Bitmap> {
  const { size, counts } = parseRunLengths(path, await readFile(path, 'utf8'));
  // What is no run lengths after all is refused with a message by either of the two.
  return decodeRle(
    typeof counts === 'string'
      ? fromCompressedRle({ size, counts } as CompressedRle)
      : ({ size, counts } as Rle),
  );
}

function parseRunLengths(path: string, text: string): { size: unknown; counts: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notRunLengths(path, { cause });
  }
  if (typeof value !== 'object' || value === null || !('size' in value) || !('counts' in value)) {
    throw notRunLengths(path);
  }
  return value;
}

function notRunLengths(path: string, options?: ErrorOptions): InputError {
  return new InputError(
    'mask-format',
    `The mask ${path} is no run-length file; wanted {"size": [height, width], "counts": …} as ` +
      '--format rle writes it, or a picture.',
    options,
  );
}

function toBitmap({ width, height, channels, data }: PixelImage): Bitmap {
  const inside = new Uint8Array(width * height);
  const isTransparent = channels === 4 && hasTransparency(data);
  for (let i = 0, at = 0; i < inside.length; i++, at += channels) {
    const level = isTransparent ? data[at + 3]! : Math.max(data[at]!, data[at + 1]!, data[at + 2]!);
    if (level >= HALF) inside[i] = 1;
  }
  return { width, height, data: inside };
}

function hasTransparency(data: Uint8Array | Uint8ClampedArray): boolean {
  for (let at = 3; at < data.length; at += 4) {
    if (data[at] !== OPAQUE) return true;
  }
  return false;
}
