// The matting Laplacian of Levin, Lischinski and Weiss, "A closed-form solution to natural image
// matting", 2008: in each window of 3x3 pixels, opacity should be an affine function of the colour.
// It links each pixel to the 5x5 around it, so rows of 25 numbers hold it.

import type { PixelSource } from '@samgpu/mask';

/** Links of a pixel, to the 5x5 around it, row by row. */
export const LINKS = 25;

/** A part of a picture; it may reach beyond the border. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Added to the variance of each colour channel in a window: the noise of 8-bit pixels. Less than
 * that would take noise for structure; more blurs thin strands.
 */
const REGULARIZATION = 1e-6;

const WINDOW = 9;

/**
 * Rows of the Laplacian for pixels that are to be found.
 *
 * @param region - windows that reach beyond it or the picture are left out
 * @param row - per pixel of the region: its row, or -1 where its opacity is given
 * @param count - of rows
 * @returns `[count, 25]`
 */
export function mattingLaplacian(
  image: PixelSource,
  region: Region,
  row: Int32Array,
  count: number,
): Float32Array {
  const links = new Float32Array(count * LINKS);
  const { left, top, width, height } = region;
  const fromX = Math.max(1, 1 - left);
  const toX = Math.min(width - 1, image.width - 1 - left);
  const fromY = Math.max(1, 1 - top);
  const toY = Math.min(height - 1, image.height - 1 - top);
  const differences = new Float64Array(WINDOW * 3);
  const solved = new Float64Array(WINDOW * 3);
  const rows = new Int32Array(WINDOW);
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      if (!findRows(row, y * width + x, width, rows)) continue;
      solveWindow(image, left + x, top + y, differences, solved);
      for (let p = 0; p < WINDOW; p++) {
        const to = rows[p]!;
        if (to < 0) continue;
        const [red, green, blue] = [solved[p * 3]!, solved[p * 3 + 1]!, solved[p * 3 + 2]!];
        // The place of the window's first pixel among the links of this one.
        const first = to * LINKS + (2 - ((p / 3) | 0)) * 5 + 2 - (p % 3);
        for (let q = 0; q < WINDOW; q++) {
          const affinity =
            (1 +
              red * differences[q * 3]! +
              green * differences[q * 3 + 1]! +
              blue * differences[q * 3 + 2]!) /
            WINDOW;
          links[first + ((q / 3) | 0) * 5 + (q % 3)]! -= affinity;
        }
        links[to * LINKS + 12]! += 1;
      }
    }
  }
  return links;
}

/** The rows of a window's pixels; `false` where none of them has one. */
function findRows(row: Int32Array, center: number, width: number, rows: Int32Array): boolean {
  let any = false;
  for (let p = 0; p < WINDOW; p++) {
    const to = row[center + (((p / 3) | 0) - 1) * width + (p % 3) - 1]!;
    rows[p] = to;
    any ||= to >= 0;
  }
  return any;
}

/**
 * Colours of a window around their mean, and the same times the inverse of their covariance.
 *
 * @param x - middle of the window, in the picture
 */
function solveWindow(
  { width, channels = 4, data }: PixelSource,
  x: number,
  y: number,
  differences: Float64Array,
  solved: Float64Array,
): void {
  let [red, green, blue] = [0, 0, 0];
  for (let p = 0; p < WINDOW; p++) {
    const pixel = ((y + ((p / 3) | 0) - 1) * width + x + (p % 3) - 1) * channels;
    red += differences[p * 3] = data[pixel]! / 255;
    green += differences[p * 3 + 1] = data[pixel + 1]! / 255;
    blue += differences[p * 3 + 2] = data[pixel + 2]! / 255;
  }
  red /= WINDOW;
  green /= WINDOW;
  blue /= WINDOW;
  let [rr, rg, rb, gg, gb, bb] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < WINDOW * 3; k += 3) {
    const r = (differences[k]! -= red);
    const g = (differences[k + 1]! -= green);
    const b = (differences[k + 2]! -= blue);
    rr += r * r;
    rg += r * g;
    rb += r * b;
    gg += g * g;
    gb += g * b;
    bb += b * b;
  }
  rr = rr / WINDOW + REGULARIZATION;
  rg /= WINDOW;
  rb /= WINDOW;
  gg = gg / WINDOW + REGULARIZATION;
  gb /= WINDOW;
  bb = bb / WINDOW + REGULARIZATION;
  // Cofactors of the symmetric matrix.
  const c0 = gg * bb - gb * gb;
  const c1 = rb * gb - rg * bb;
  const c2 = rg * gb - rb * gg;
  const c3 = rr * bb - rb * rb;
  const c4 = rg * rb - rr * gb;
  const c5 = rr * gg - rg * rg;
  const scale = 1 / (rr * c0 + rg * c1 + rb * c2);
  for (let k = 0; k < WINDOW * 3; k += 3) {
    const [r, g, b] = [
      differences[k]! * scale,
      differences[k + 1]! * scale,
      differences[k + 2]! * scale,
    ];
    solved[k] = c0 * r + c1 * g + c2 * b;
    solved[k + 1] = c1 * r + c3 * g + c4 * b;
    solved[k + 2] = c2 * r + c4 * g + c5 * b;
  }
}
