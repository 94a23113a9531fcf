import type { Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { runsOf } from './mask-runs.ts';
import { Mask } from './mask.ts';
import { type OutlinePiece, OutlinePieces } from './outline-pieces.ts';
import { RunEdges } from './run-edges.ts';

/** Box blurs in a row that come close to a Gaussian. */
const PASSES = 3;

/**
 * A mask with a smoother outline: blurred, then cut at a half. Steps, notches and spikes smaller than
 * `radius` go, long edges stay where they are, and corners become round. Beyond its border the picture goes on
 * as it ends there.
 *
 * @param radius - in pixels, about two standard deviations of the blur
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function smoothMask(mask: Bitmap, radius: number): Mask {
  if (!(radius >= 0 && radius < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `smooth by ${radius} pixels: wanted a number from 0 on. 0 changes nothing.`,
    );
  }
  // Three boxes of 2 h + 1 pixels have the variance h (h + 1), of which the root is about h + 0.5.
  const reach = Math.round(radius / 2);
  const rle = runsOf(mask);
  if (reach === 0) return Mask.fromRle(rle);
  const pieces = new OutlinePieces(rle, PASSES * reach);
  const [height, width] = rle.size;
  const edges = new RunEdges();
  for (const stripe of pieces.stripes) {
    const smoothed = stripe.map((piece) =>
      piece.kind === 'outline' ? smoothPiece(pieces, piece, reach) : undefined,
    );
    const { x, width: columns } = stripe[0]!.box;
    for (let column = 0; column < columns; column++) {
      stripe.forEach(({ kind, box }, i) => {
        const top = (x + column) * height + box.y;
        if (kind === 'inside') edges.add(top, top + box.height);
        const at = column * box.height;
        if (kind === 'outline') {
          addRuns(edges, smoothed[i]!.subarray(at, at + box.height), top);
        }
      });
    }
  }
  return Mask.fromRle(edges.toRle({ width, height }));
}

function addRuns(edges: RunEdges, inside: Uint8Array, start: number): void {
  for (let from = inside.indexOf(1); from >= 0;) {
    const end = inside.indexOf(0, from);
    const to = end < 0 ? inside.length : end;
    edges.add(start + from, start + to);
    from = inside.indexOf(1, to);
  }
}

/** Which pixels of a piece are inside afterwards, column by column. */
function smoothPiece(
  pieces: OutlinePieces,
  piece: OutlinePiece,
  reach: number,
): Uint8Array /* [width, height] */ {
  const { row, column, ...window } = pieces.window(piece);
  const { width } = window;
  let values = blurredRows(window, reach);
  let other = new Float32Array(values.length);
  for (let pass = 0; pass < PASSES; pass++) {
    blurColumns(values, width, reach, other);
    [values, other] = [other, values];
  }
  const { box } = piece;
  const inside = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.width; y++) {
    const from = (row + y) * width + column;
    const to = y * box.height;
    for (let x = 0; x < box.height; x++) {
      // Means of a straight edge are a half on it: neither side of it may win by a rounding.
      inside[to + x] = values[from + x]! > 0.5 + 1e-4 ? 1 : 0;
    }
  }
  return inside;
}

/** All passes along the rows, one row after the other, so that each stays close to the processor. */
function blurredRows({ width, height, data }: Bitmap, reach: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(data.length);
  const count = 2 * reach + 1;
  let line = new Float64Array(width + 2 * reach);
  let next = new Float64Array(width + 2 * reach);
  for (let row = 0; row < height; row++) {
    const pixels = data.subarray(row * width, (row + 1) * width);
    if (!pixels.includes(1 - pixels[0]!)) {
      result.fill(pixels[0]!, row * width, (row + 1) * width);
      continue;
    }
    line.set(pixels, reach);
    for (let pass = 0; pass < PASSES; pass++) {
      line.fill(line[reach]!, 0, reach);
      line.fill(line[reach + width - 1]!, reach + width);
      let sum = 0;
      for (let i = 0; i < count - 1; i++) sum += line[i]!;
      for (let x = 0; x < width; x++) {
        sum += line[x + count - 1]!;
        next[reach + x] = sum;
        sum -= line[x]!;
      }
      [line, next] = [next, line];
    }
    // Sums of whole numbers until here, so that nothing was rounded.
    const scale = 1 / count ** PASSES;
    for (let x = 0, at = row * width; x < width; x++, at++) result[at] = line[reach + x]! * scale;
  }
  return result;
}

/** One pass along the columns, row by row for the sake of the cache. */
function blurColumns(
  values: Float32Array,
  width: number,
  reach: number,
  result: Float32Array,
): void {
  const last = values.length - width;
  const scale = 1 / (2 * reach + 1);
  const sums = new Float64Array(width);
  const rowAt = (from: number): number => Math.min(Math.max(from, 0), last);
  for (let y = -reach; y < reach; y++) {
    const row = rowAt(y * width);
    for (let x = 0; x < width; x++) sums[x]! += values[row + x]!;
  }
  for (let row = 0; row <= last; row += width) {
    const below = rowAt(row + reach * width);
    const above = rowAt(row - reach * width);
    for (let x = 0; x < width; x++) {
      const sum = sums[x]! + values[below + x]!;
      result[row + x] = sum * scale;
      sums[x] = sum - values[above + x]!;
    }
  }
}
