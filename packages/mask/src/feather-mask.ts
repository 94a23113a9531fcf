import { alphaBounds, type AlphaMask } from './alpha-mask.ts';
import type { Bitmap } from './bitmap.ts';
import { distanceTransform } from './distance-transform.ts';
import { MaskError } from './mask-error.ts';
import { runsOf } from './mask-runs.ts';
import { type OutlinePiece, OutlinePieces } from './outline-pieces.ts';

/**
 * A mask with a soft edge: alpha rises from 0 to 255 over `radius` pixels to both sides of the outline,
 * along a smooth step. Unlike a blur it keeps parts that are thinner than that.
 *
 * @param radius - in pixels
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function featherMask(mask: Bitmap, radius: number): AlphaMask {
  if (!(radius >= 0 && radius < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `feather by ${radius} pixels: wanted a number from 0 on. 0 leaves the edge hard.`,
    );
  }
  const rle = runsOf(mask);
  const [height, width] = rle.size;
  const pieces = new OutlinePieces(rle, Math.ceil(radius) + 1);
  const alpha = new Uint8Array(width * height);
  for (const piece of pieces.stripes.flat()) {
    const { kind, box } = piece;
    if (kind === 'outline') {
      const soft = softPiece(pieces, piece, radius);
      for (let y = 0; y < box.height; y++) {
        const to = (box.y + y) * width + box.x;
        for (let x = 0; x < box.width; x++) alpha[to + x] = soft[x * box.height + y]!;
      }
    } else if (kind === 'inside') {
      for (let y = box.y; y < box.y + box.height; y++) {
        alpha.fill(255, y * width + box.x, y * width + box.x + box.width);
      }
    }
  }
  return { width, height, bounds: alphaBounds(alpha, { width, height }), alpha };
}

/** Alpha of the pixels of a piece, column by column. */
function softPiece(
  pieces: OutlinePieces,
  piece: OutlinePiece,
  radius: number,
): Uint8Array /* [width, height] */ {
  const { row, column, ...window } = pieces.window(piece);
  const distances = distanceTransform(window, { signed: true, limit: radius + 2 });
  const { box } = piece;
  const soft = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.width; y++) {
    const from = (row + y) * window.width + column;
    const to = y * box.height;
    for (let x = 0; x < box.height; x++) {
      const distance = distances[from + x]!;
      if (distance > radius + 0.5) continue;
      soft[to + x] = distance < -radius - 0.5 ? 255 : alphaAt(distance, radius);
    }
  }
  return soft;
}

/** @param distance - to the nearest pixel of the other kind; the outline lies half a pixel before it */
function alphaAt(distance: number, radius: number): number {
  const outward = distance > 0 ? distance - 0.5 : distance + 0.5;
  if (radius === 0) return outward < 0 ? 255 : 0;
  const share = Math.min(1, Math.max(0, 0.5 - outward / (2 * radius)));
  return Math.round(255 * share * share * (3 - 2 * share));
}
