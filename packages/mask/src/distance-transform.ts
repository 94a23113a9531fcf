// Exact Euclidean distances in time linear in the pixels (Meijster, Roerdink and Hesselink 2000;
// Felzenszwalb and Huttenlocher 2012): distances along the columns first, then along each row the
// lower envelope of the parabolas that stand on them.
//
// A run of equal pixels in a row needs only the parabolas above itself and those of the two pixels
// of the other kind that bound it: whatever lies behind a bounding pixel is further away than that.
// So runs inside and runs outside share one pass, and long runs of one kind cost next to nothing.

import { assertBitmap, type Bitmap } from './bitmap.ts';
import { MaskError } from './mask-error.ts';

/** How {@link distanceTransform} measures. */
export interface DistanceOptions {
  /**
   * Also measure inside: pixels of the object get the negative of their distance to the nearest
   * pixel outside. Default `false`: they get 0.
   */
  readonly signed?: boolean;
  /**
   * Distances from here on are given as this number (negative inside), which saves time where only
   * the surroundings of the outline matter. Default `Infinity`.
   */
  readonly limit?: number;
}

/**
 * The exact Euclidean distance of each pixel to the nearest pixel of the object, in pixels, from
 * centre to centre: 0 inside, 1 beside the outline. With `signed`, pixels inside get the negative
 * of their distance to the nearest pixel outside, so no pixel gets 0.
 *
 * What lies beyond the border of the picture counts as neither. Where a pixel of the other kind does
 * not exist, the distance is `limit`.
 *
 * @returns `[height, width]`, rounded to f32
 * @throws {@link MaskError} `invalid-size`, `size-mismatch` or `invalid-option`
 */
export function distanceTransform(
  bitmap: Bitmap,
  { signed = false, limit = Infinity }: DistanceOptions = {},
): Float32Array<ArrayBuffer> {
  assertBitmap(bitmap);
  if (!(limit > 0)) {
    throw new MaskError(
      'invalid-option',
      `distance limit ${limit}: wanted a number of pixels above 0. Leave it out to measure all.`,
    );
  }
  const { width, height, data } = bitmap;
  const distances = columnDistances(bitmap);
  const envelope = new Envelope(width, limit);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    const values = distances.subarray(y * width, (y + 1) * width);
    for (let start = 0, end; start < width; start = end) {
      const inside = row[start]!;
      end = row.indexOf(1 - inside, start);
      if (end < 0) end = width;
      if (inside === 0) envelope.measure(values, start, end, 1);
      else if (signed) envelope.measure(values, start, end, -1);
      else values.fill(0, start, end);
    }
  }
  return distances;
}

/** Distance of each pixel to the nearest of the other kind in its column, or `Infinity`. */
function columnDistances({ width, height, data }: Bitmap): Float32Array<ArrayBuffer> {
  const distances = new Float32Array(width * height);
  distances.fill(Infinity, 0, width);
  for (let i = width; i < data.length; i++) {
    distances[i] = data[i] === data[i - width] ? distances[i - width]! + 1 : 1;
  }
  for (let i = data.length - width - 1; i >= 0; i--) {
    const below = data[i] === data[i + width] ? distances[i + width]! + 1 : 1;
    if (below < distances[i]!) distances[i] = below;
  }
  return distances;
}

/** The lower envelope of parabolas over one run of equal pixels. */
class Envelope {
  readonly #width: number;
  readonly #limit: number;
  readonly #apex: Int32Array; // [parabolas], columns
  readonly #height: Float64Array; // [parabolas], squared distances along the columns
  readonly #from: Float64Array; // [parabolas], where each begins to be the lowest
  #count = 0;

  constructor(width: number, limit: number) {
    this.#width = width;
    this.#limit = limit;
    this.#apex = new Int32Array(width + 2);
    this.#height = new Float64Array(width + 2);
    this.#from = new Float64Array(width + 2);
  }

  /**
   * Replaces distances along the columns by Euclidean ones.
   *
   * @param values - of a row
   * @param start - first pixel of the run
   * @param end - the pixel after its last
   * @param sign - of what is written
   */
  measure(values: Float32Array, start: number, end: number, sign: 1 | -1): void {
    const limit = this.#limit;
    this.#count = 0;
    if (start > 0) this.#add(start - 1, 0);
    for (let x = start; x < end; x++) {
      const distance = values[x]!;
      if (distance < limit) this.#add(x, distance * distance);
    }
    if (end < this.#width) this.#add(end, 0);

    values.fill(sign * limit, start, end);
    for (let i = 0; i < this.#count; i++) {
      const apex = this.#apex[i]!;
      const height = this.#height[i]!;
      const reach = Math.sqrt(limit * limit - height);
      const next = i + 1 < this.#count ? this.#from[i + 1]! : end;
      const from = Math.max(start, Math.ceil(Math.max(this.#from[i]!, apex - reach)));
      const to = Math.min(end, Math.ceil(next), Math.floor(apex + reach) + 1);
      for (let x = from; x < to; x++) {
        const across = x - apex;
        values[x] = sign * Math.sqrt(across * across + height);
      }
    }
  }

  #add(apex: number, height: number): void {
    let from = -Infinity;
    while (this.#count > 0) {
      const last = this.#count - 1;
      const lastApex = this.#apex[last]!;
      from = (apex + lastApex + (height - this.#height[last]!) / (apex - lastApex)) / 2;
      if (from > this.#from[last]!) break;
      this.#count = last;
      from = -Infinity;
    }
    this.#apex[this.#count] = apex;
    this.#height[this.#count] = height;
    this.#from[this.#count] = from;
    this.#count += 1;
  }
}
