import type { Bitmap, Box } from '@samgpu/mask';

/**
 * Part of a mask at a fraction of its size. A pixel of the result is inside where at least a quarter
 * of what it stands for is, so that thin things stay in sight.
 *
 * @param region - whole pixels within the mask
 * @param level - the sides are divided by 2 to the power of this
 */
export function reduceBitmap(mask: Bitmap, region: Box, level: number): Bitmap {
  const side = 2 ** level;
  const width = Math.ceil(region.width / side);
  const height = Math.ceil(region.height / side);
  const data = new Uint8Array(width * height);
  const source = mask.data;
  if (level === 0) {
    for (let y = 0; y < height; y++) {
      const from = (region.y + y) * mask.width + region.x;
      data.set(source.subarray(from, from + width), y * width);
    }
    return { width, height, data };
  }
  const counts = new Uint32Array(width);
  for (let y = 0; y < height; y++) {
    counts.fill(0);
    const top = region.y + y * side;
    const bottom = Math.min(region.y + region.height, top + side);
    for (let row = top; row < bottom; row++) {
      const start = row * mask.width + region.x;
      for (let x = 0; x < region.width; x++) counts[x >> level]! += source[start + x]!;
    }
    for (let x = 0; x < width; x++) {
      const across = Math.min(side, region.width - x * side);
      if (counts[x]! * 4 >= across * (bottom - top)) data[y * width + x] = 1;
    }
  }
  return { width, height, data };
}
