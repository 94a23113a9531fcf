import type { Bitmap, Box, Mask } from '@samgpu/mask';

import { traceOutline } from './outline.ts';
import { reduceBitmap } from './reduce-bitmap.ts';

/** From here on, in device pixels per pixel of the picture, outlines follow the edges of pixels. */
const EXACT_FROM = 4;

/** Most pixels that are traced at once: a few milliseconds. Of larger ones only what is seen is. */
const MOST_TRACED = 2 ** 22;

/** Parts that are traced begin and end at multiples of this, in pixels of the reduced mask. */
const BLOCK = 512;

interface CachedOutline {
  readonly key: string;
  readonly path: Path2D;
}

/** Outlines of masks as paths, in pixels of the picture, made for a scale and kept while it is used. */
export class OutlineCache {
  readonly #outlines = new WeakMap<Mask, CachedOutline>();

  /**
   * @param scale - device pixels per pixel of the picture
   * @param seen - what is in sight, in pixels of the picture
   * @returns a path for the even-odd rule; undefined where nothing is in sight
   */
  get(mask: Mask, scale: number, seen: Box): Path2D | undefined {
    const { bounds } = mask;
    if (bounds.width === 0 || !meets(bounds, seen)) return undefined;
    // A pixel of the reduced mask is at most one of the device.
    const level = Math.max(0, Math.floor(Math.log2(1 / scale)));
    const smooth = scale < EXACT_FROM;
    const region = regionOf(mask, level, seen);
    const key = [level, smooth, region.x, region.y, region.width, region.height].join();
    const known = this.#outlines.get(mask);
    if (known?.key === key) return known.path;
    const path = new Path2D();
    const side = 2 ** level;
    const bitmap = reduceBitmap(mask, region, level);
    traceOutline(bitmap, path, { x: region.x, y: region.y, side, smooth });
    this.#outlines.set(mask, { key, path });
    return path;
  }
}

/** All of a mask, or of a large one what is seen with something around it. */
function regionOf(mask: Mask & Bitmap, level: number, seen: Box): Box {
  const side = 2 ** level;
  const { bounds } = mask;
  if (bounds.width * bounds.height <= MOST_TRACED * side * side) {
    return span(bounds, side);
  }
  const margin = 0.5;
  const wide = {
    x: seen.x - seen.width * margin,
    y: seen.y - seen.height * margin,
    width: seen.width * (1 + 2 * margin),
    height: seen.height * (1 + 2 * margin),
  };
  return intersection(span(wide, BLOCK * side), span(bounds, side));

  /** The smallest box around another with corners at multiples, within the mask. */
  function span(box: Box, step: number): Box {
    const x = Math.max(0, Math.floor(box.x / step) * step);
    const y = Math.max(0, Math.floor(box.y / step) * step);
    const right = Math.min(mask.width, Math.ceil((box.x + box.width) / step) * step);
    const bottom = Math.min(mask.height, Math.ceil((box.y + box.height) / step) * step);
    return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
  }
}

function intersection(one: Box, other: Box): Box {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const right = Math.min(one.x + one.width, other.x + other.width);
  const bottom = Math.min(one.y + one.height, other.y + other.height);
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

function meets(one: Box, other: Box): boolean {
  const { width, height } = intersection(one, other);
  return width > 0 && height > 0;
}
