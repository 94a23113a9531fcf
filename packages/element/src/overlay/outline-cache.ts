import type { Box, Mask, Size } from '@samgpu/mask';

import { traceOutline } from './outline.ts';

/** From here on, in device pixels per pixel of the picture, outlines follow the edges of pixels. */
const EXACT_FROM = 4;

/** Most pixels that are traced at once: a few milliseconds. Of larger ones only what is seen is. */
const MOST_TRACED = 2 ** 22;

/** Parts that are traced begin and end at multiples of this, in pixels of the reduced mask. */
const BLOCK = 512;

/** How much finer or coarser than wanted an outline may be while the view moves, in levels. */
const MOST_APART = 2;

interface CachedOutline {
  readonly level: number;
  readonly smooth: boolean;
  /** What of the mask was traced, in its pixels. */
  readonly region: Box;
  readonly path: Path2D;
}

/** Outlines of masks as paths, in pixels of the picture, made for a scale and kept while it is used. */
export class OutlineCache {
  readonly #outlines = new WeakMap<Mask, CachedOutline>();

  /**
   * @param scale - device pixels per pixel of the picture
   * @param seen - what is in sight, in pixels of the picture
   * @param isMoving - what is there already will do, if it comes close
   * @returns a path for the even-odd rule; undefined where nothing is in sight
   */
  get(mask: Mask, scale: number, seen: Box, isMoving = false): Path2D | undefined {
    const { bounds } = mask;
    const shown = intersection(bounds, seen);
    if (shown.width === 0 || shown.height === 0) return undefined;
    // A pixel of the reduced mask is at most one of the device.
    const level = Math.max(0, Math.floor(Math.log2(1 / scale)));
    const smooth = scale < EXACT_FROM;
    const known = this.#outlines.get(mask);
    if (known !== undefined && isWithin(shown, known.region)) {
      const isExact = known.level === level && known.smooth === smooth;
      if (isExact || (isMoving && Math.abs(known.level - level) <= MOST_APART)) return known.path;
    }
    const region = regionOf(mask, bounds, level, seen);
    const path = new Path2D();
    const { x, y } = region;
    traceOutline(mask.reduce({ region, level }), path, { x, y, side: 2 ** level, smooth });
    this.#outlines.set(mask, { level, smooth, region, path });
    return path;
  }
}

/** All of a mask, or of a large one what is seen with something around it. */
function regionOf(mask: Size, bounds: Box, level: number, seen: Box): Box {
  const side = 2 ** level;
  const all = intersection(outwards(bounds, side), { x: 0, y: 0, ...sizeOf(mask) });
  if (bounds.width * bounds.height <= MOST_TRACED * side * side) return all;
  const wide = {
    x: seen.x - seen.width / 2,
    y: seen.y - seen.height / 2,
    width: seen.width * 2,
    height: seen.height * 2,
  };
  return intersection(outwards(wide, BLOCK * side), all);
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

/** The smallest box around another with corners at multiples of a step. */
function outwards(box: Box, step: number): Box {
  const [x, y] = [box.x, box.y].map((value) => Math.floor(value / step) * step) as [number, number];
  const right = Math.ceil((box.x + box.width) / step) * step;
  const bottom = Math.ceil((box.y + box.height) / step) * step;
  return { x, y, width: right - x, height: bottom - y };
}

function intersection(one: Box, other: Box): Box {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const right = Math.min(one.x + one.width, other.x + other.width);
  const bottom = Math.min(one.y + one.height, other.y + other.height);
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
