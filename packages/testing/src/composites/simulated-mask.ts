import type { AlphaPlane } from './shapes.ts';
import { smoothNoise } from './texture.ts';

/** What a segmentation model would say. */
export interface SimulatedMask {
  /** 1 inside, 0 outside. */
  readonly data: Uint8Array; // [height, width]
  readonly logits: { readonly width: number; readonly height: number; readonly data: Float32Array };
}

/**
 * The mask that a segmentation model gives of a shape: seen through a coarse grid, so that strands
 * are lost; smoothed; and with an outline that is off by a fraction of a cell here and there.
 *
 * @param cells - of the grid along the longer side, 256 for SAM
 * @param wobble - how far the outline is off, in cells
 */
export function simulateMask(
  { width, height, data }: AlphaPlane,
  { cells = 256, wobble = 0.7, seed }: { cells?: number; wobble?: number; seed: number },
): SimulatedMask {
  const cell = Math.max(width, height) / cells;
  const [columns, rows] = [Math.ceil(width / cell), Math.ceil(height / cell)];
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = Math.floor((y + 0.5) / cell) * columns + Math.floor((x + 0.5) / cell);
      sums[i]! += data[y * width + x]!;
      counts[i]! += 1;
    }
  }
  const coverage = sums.map((sum, i) => sum / Math.max(1, counts[i]!));
  const smooth = blurred(blurred(coverage, columns, rows), columns, rows);
  const logits = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const inside = smooth[y * columns + x]!;
      // The slope of the smoothed edge is about a quarter per cell.
      const off = 0.25 * wobble * smoothNoise(seed, x / 6, y / 6);
      logits[y * columns + x] = 12 * (inside - 0.5 + off * 4 * inside * (1 - inside));
    }
  }
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = bilinear(logits, columns, rows, (x + 0.5) / cell - 0.5, (y + 0.5) / cell - 0.5);
      mask[y * width + x] = value > 0 ? 1 : 0;
    }
  }
  return { data: mask, logits: { width: columns, height: rows, data: logits } };
}

/** Over 3x3 cells with the weights of a triangle. */
function blurred(values: Float64Array, columns: number, rows: number): Float64Array {
  const at = (x: number, y: number): number =>
    values[Math.min(rows - 1, Math.max(0, y)) * columns + Math.min(columns - 1, Math.max(0, x))]!;
  return values.map((_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    let sum = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        sum += (2 - Math.abs(dx)) * (2 - Math.abs(dy)) * at(x + dx, y + dy);
      }
    }
    return sum / 16;
  });
}

function bilinear(
  values: Float32Array,
  columns: number,
  rows: number,
  x: number,
  y: number,
): number {
  const [u, v] = [Math.min(columns - 1, Math.max(0, x)), Math.min(rows - 1, Math.max(0, y))];
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [right, bottom] = [Math.min(columns - 1, left + 1), Math.min(rows - 1, top + 1)];
  const mix = (row: number): number =>
    values[row * columns + left]! * (1 - u + left) + values[row * columns + right]! * (u - left);
  return mix(top) * (1 - v + top) + mix(bottom) * (v - top);
}
