// The matting Laplacian of Levin, Lischinski and Weiss, "A closed-form solution to natural image
// matting", 2008: in each window of 3x3 pixels, opacity should be an affine function of the colour.
// It links each pixel to the 5x5 around it, so rows of 25 numbers hold it.

import type { PixelSource } from '@samgpu/mask';

import type { MatteRules } from '../matte-device.ts';

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

/** How the Laplacian is made. */
export const mattingRules: Pick<MatteRules['closedForm'], 'regularization'> = {
  regularization: REGULARIZATION,
};

const WINDOW = 9;

/** Links from each pixel of a window to each of the window's pixels, by their place among the 25. */
const linkOf: Uint8Array = Uint8Array.from({ length: WINDOW * WINDOW }, (_, i) => {
  const [p, q] = [Math.floor(i / WINDOW), i % WINDOW];
  const row = 2 + Math.floor(q / 3) - Math.floor(p / 3);
  return row * 5 + 2 + (q % 3) - (p % 3);
});

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
        const red = solved[p * 3]!;
        const green = solved[p * 3 + 1]!;
        const blue = solved[p * 3 + 2]!;
        const first = to * LINKS;
        for (let q = 0; q < WINDOW; q++) {
          const affinity =
            (1 +
              red * differences[q * 3]! +
              green * differences[q * 3 + 1]! +
              blue * differences[q * 3 + 2]!) /
            WINDOW;
          links[first + linkOf[p * WINDOW + q]!]! -= affinity;
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
  for (let p = 0, from = center - width - 1; p < WINDOW; from += width) {
    for (let x = 0; x < 3; x++, p++) {
      const to = row[from + x]!;
      rows[p] = to;
      if (to >= 0) any = true;
    }
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
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let row = y - 1, k = 0; row <= y + 1; row++) {
    let pixel = (row * width + x - 1) * channels;
    for (let column = 0; column < 3; column++, k += 3, pixel += channels) {
      red += differences[k] = data[pixel]! / 255;
      green += differences[k + 1] = data[pixel + 1]! / 255;
      blue += differences[k + 2] = data[pixel + 2]! / 255;
    }
  }
  red /= WINDOW;
  green /= WINDOW;
  blue /= WINDOW;
  let rr = 0;
  let rg = 0;
  let rb = 0;
  let gg = 0;
  let gb = 0;
  let bb = 0;
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
    const r = differences[k]! * scale;
    const g = differences[k + 1]! * scale;
    const b = differences[k + 2]! * scale;
    solved[k] = c0 * r + c1 * g + c2 * b;
    solved[k + 1] = c1 * r + c3 * g + c4 * b;
    solved[k + 2] = c2 * r + c4 * g + c5 * b;
  }
}
