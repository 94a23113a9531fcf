import {
  type AlphaMask,
  type Box,
  type CompressedRle,
  fromCompressedRle,
  Mask,
  packBits,
  packedBound,
  type Size,
  unpackBits,
} from '@samgpu/mask';

import { fromBase64, toBase64 } from '../base64.ts';
import type { SavedAlpha } from './session-state.ts';
import { isRecord, refuse, wholeNumber } from './check-value.ts';

export function saveMask(mask: Mask): CompressedRle {
  return mask.toRle({ compressed: true });
}

/** @throws SessionError `invalid-state` */
export function restoreMask(value: unknown, image: Size, at: string): Mask {
  if (!isRecord(value) || typeof value['counts'] !== 'string' || !Array.isArray(value['size'])) {
    return refuse(at, 'wanted compressed run lengths, { size, counts }');
  }
  const [height, width] = value['size'] as unknown[];
  if (width !== image.width || height !== image.height) {
    return refuse(at, `wanted a mask of the image, ${image.width}x${image.height}`);
  }
  try {
    return Mask.fromRle(
      fromCompressedRle({ size: [image.height, image.width], counts: value['counts'] }),
    );
  } catch (error) {
    return refuse(at, error instanceof Error ? error.message : String(error));
  }
}

export function saveAlpha({ width, bounds, alpha }: AlphaMask): SavedAlpha {
  const part = new Uint8Array(bounds.width * bounds.height);
  for (let y = 0; y < bounds.height; y++) {
    const from = (bounds.y + y) * width + bounds.x;
    part.set(alpha.subarray(from, from + bounds.width), y * bounds.width);
  }
  const packed = new Uint8Array(packedBound(part.length));
  const length = packBits(part, packed);
  return { bounds, data: toBase64(packed.subarray(0, length)) };
}

/** @throws SessionError `invalid-state` */
export function restoreAlpha(value: unknown, { width, height }: Size, at: string): AlphaMask {
  if (!isRecord(value) || !isRecord(value['bounds']) || typeof value['data'] !== 'string') {
    return refuse(at, 'wanted { bounds, data }');
  }
  const box = value['bounds'];
  const bounds: Box = {
    x: wholeNumber(box['x'], `${at}.bounds.x`, width),
    y: wholeNumber(box['y'], `${at}.bounds.y`, height),
    width: wholeNumber(box['width'], `${at}.bounds.width`, width),
    height: wholeNumber(box['height'], `${at}.bounds.height`, height),
  };
  if (bounds.x + bounds.width > width || bounds.y + bounds.height > height) {
    return refuse(`${at}.bounds`, `wanted a box within ${width}x${height}`);
  }
  const part = unpack(value['data'], bounds.width * bounds.height);
  if (part === undefined) {
    return refuse(`${at}.data`, 'wanted PackBits in base64, a byte per pixel of the bounds');
  }
  const alpha = new Uint8Array(width * height);
  for (let y = 0; y < bounds.height; y++) {
    const row = part.subarray(y * bounds.width, (y + 1) * bounds.width);
    alpha.set(row, (bounds.y + y) * width + bounds.x);
  }
  return { width, height, bounds, alpha };
}

function unpack(text: string, length: number): Uint8Array | undefined {
  try {
    const packed = fromBase64(text);
    // Two bytes give 128 at most: what claims more is not worth the memory.
    if (packed.length * 64 < length) return undefined;
    const bytes = new Uint8Array(length);
    return unpackBits(packed, bytes) ? bytes : undefined;
  } catch {
    return undefined;
  }
}
