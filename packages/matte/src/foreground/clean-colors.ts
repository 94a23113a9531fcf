// Colours of the object where it shares pixels with what is behind it. Both are spread from where they
// are pure; what the two then do not explain of a pixel's colour is divided between them, as blur fusion
// does (Forte, "Approximate fast foreground colour estimation", 2021).

import type { PixelSource } from '@samgpu/mask';

import { ColorPyramid, FROM_AROUND } from './color-pyramid.ts';

/** Colours that replace those of the picture. */
export interface CleanColors {
  /** Places in the picture. */
  readonly pixels: Uint32Array; // [count]
  readonly colors: Uint8ClampedArray; // [count, 3]
}

const TILE_SIDE = 256;

/** Pixels around a tile whose colours it may take. */
const HALO = 32;

/** How much a pixel says about the colour of the object, by its alpha: next to nothing unless it is pure. */
const purity: Float64Array = Float64Array.from({ length: 256 }, (_, alpha) => (alpha / 255) ** 16);

/** Finds the object's own colour wherever its alpha is neither 0 nor 255. */
export function cleanColors(image: PixelSource, alpha: Uint8Array): CleanColors {
  const parts: CleanColors[] = [];
  for (let top = 0; top < image.height; top += TILE_SIDE) {
    for (let left = 0; left < image.width; left += TILE_SIDE) {
      const part = cleanTile(image, alpha, left, top);
      if (part.pixels.length > 0) parts.push(part);
    }
  }
  const count = parts.reduce((sum, { pixels }) => sum + pixels.length, 0);
  const pixels = new Uint32Array(count);
  const colors = new Uint8ClampedArray(count * 3);
  let at = 0;
  for (const part of parts) {
    pixels.set(part.pixels, at);
    colors.set(part.colors, at * 3);
    at += part.pixels.length;
  }
  return { pixels, colors };
}

function cleanTile(image: PixelSource, alpha: Uint8Array, left: number, top: number): CleanColors {
  const { width, height, channels = 4, data } = image;
  const pixels = mixedPixels(alpha, width, {
    left,
    top,
    right: Math.min(width, left + TILE_SIDE),
    bottom: Math.min(height, top + TILE_SIDE),
  });
  const colors = new Uint8ClampedArray(pixels.length * 3);
  if (pixels.length === 0) return { pixels, colors };
  const area = areaAround(pixels, image);
  const [object, behind] = spreadColors(image, alpha, area);
  const ofObject = new Float64Array(3);
  const ofBehind = new Float64Array(3);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i]!;
    const y = Math.floor(pixel / width);
    const x = pixel - y * width;
    const column = (x - area.left - 0.5) / 2;
    const row = (y - area.top - 0.5) / 2;
    object.read(column, row, ofObject);
    behind.read(column, row, ofBehind);
    const level = alpha[pixel]!;
    const share = level / 255;
    const rest = 1 - share;
    const divisor = share * share + rest * rest;
    const weight = purity[level]!;
    const weightBehind = purity[255 - level]!;
    for (let k = 0; k < 3; k++) {
      const seen = data[pixel * channels + k]!;
      const first = (weight * seen + FROM_AROUND * ofObject[k]!) / (weight + FROM_AROUND);
      const second =
        (weightBehind * seen + FROM_AROUND * ofBehind[k]!) / (weightBehind + FROM_AROUND);
      colors[i * 3 + k] = first + (share * (seen - share * first - rest * second)) / divisor;
    }
  }
  return { pixels, colors };
}

interface Area {
  readonly left: number;
  readonly top: number;
  /** Behind the last column. */
  readonly right: number;
  /** Behind the last row. */
  readonly bottom: number;
}

function mixedPixels(alpha: Uint8Array, width: number, area: Area): Uint32Array {
  const found: number[] = [];
  for (let y = area.top; y < area.bottom; y++) {
    for (let pixel = y * width + area.left; pixel < y * width + area.right; pixel++) {
      const level = alpha[pixel]!;
      if (level !== 0 && level !== 255) found.push(pixel);
    }
  }
  return Uint32Array.from(found);
}

/** The pixels, and those around whose colours they may take. */
function areaAround(pixels: Uint32Array, { width, height }: PixelSource): Area {
  let left = width;
  let right = 0;
  for (const pixel of pixels) {
    const x = pixel % width;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  // They are in the order of their rows.
  const top = Math.floor(pixels[0]! / width);
  const bottom = Math.floor(pixels[pixels.length - 1]! / width);
  return {
    left: Math.max(0, left - HALO),
    top: Math.max(0, top - HALO),
    right: Math.min(width, right + 1 + HALO),
    bottom: Math.min(height, bottom + 1 + HALO),
  };
}

/** The colours of object and background around a tile, at half its size. */
function spreadColors(
  image: PixelSource,
  alpha: Uint8Array,
  { left, top, right, bottom }: Area,
): [object: ColorPyramid, behind: ColorPyramid] {
  const { width, channels = 4, data } = image;
  const across = (right - left + 1) >> 1;
  const down = (bottom - top + 1) >> 1;
  const object = new ColorPyramid(across, down);
  const behind = new ColorPyramid(across, down);
  const [objectSums, behindSums] = [object.sums, behind.sums];
  const mean: [number, number, number] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    const row = ((y - top) >> 1) * across;
    for (let x = left; x < right; x++) {
      const pixel = y * width + x;
      const at = pixel * channels;
      // A pixel that cannot be seen has no colour.
      if (channels === 4 && data[at + 3] === 0) continue;
      const to = (row + ((x - left) >> 1)) * 4;
      const level = alpha[pixel]!;
      const red = data[at]!;
      const green = data[at + 1]!;
      const blue = data[at + 2]!;
      if (level !== 0) addColor(objectSums, to, purity[level]! / 4, red, green, blue);
      if (level !== 255) addColor(behindSums, to, purity[255 - level]! / 4, red, green, blue);
      mean[0] += red;
      mean[1] += green;
      mean[2] += blue;
    }
  }
  const count = (right - left) * (bottom - top);
  const [red, green, blue] = mean;
  object.spread([red / count, green / count, blue / count]);
  behind.spread([red / count, green / count, blue / count]);
  return [object, behind];
}

function addColor(
  sums: Float32Array,
  to: number,
  weight: number,
  red: number,
  green: number,
  blue: number,
): void {
  sums[to]! += weight * red;
  sums[to + 1]! += weight * green;
  sums[to + 2]! += weight * blue;
  sums[to + 3]! += weight;
}
