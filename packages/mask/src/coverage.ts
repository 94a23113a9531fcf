import { assertMaskSize } from './bitmap.ts';
import { MaskError } from './mask-error.ts';
import { RunEdges } from './run-edges.ts';
import { assertRle, type Rle } from './run-length.ts';
import type { Size } from './size.ts';

/** How often masks cover each pixel of a picture. */
export interface Coverage extends Size {
  /** Number of masks over each pixel, at most 65,535. */
  readonly counts: Uint16Array; // [height, width]
  /** Share of the pixels that lie in at least one mask, 0 to 1. */
  readonly share: number;
  /** The pixels that lie in no mask. */
  readonly uncovered: Rle;
}

/**
 * Counts the masks over each pixel.
 *
 * @param masks - all of the size of the picture
 * @throws {@link MaskError} `invalid-size`, `invalid-rle` or `size-mismatch`
 */
export function coverageOf(masks: readonly Rle[], image: Size): Coverage {
  assertMaskSize(image);
  const { width, height } = image;
  // Steps of the count in column order, turned into counts row by row below.
  const steps = new Int32Array(width * height + 1);
  for (const mask of masks) {
    assertRle(mask);
    if (mask.size[0] !== height || mask.size[1] !== width) {
      throw new MaskError(
        'size-mismatch',
        `a mask of ${mask.size[1]}x${mask.size[0]} on an image of ${width}x${height}: wanted ` +
          'masks of the size of the image.',
      );
    }
    let position = 0;
    for (let i = 0; i < mask.counts.length; i++) {
      position += mask.counts[i]!;
      // Counts change where each run begins and ends, but for the end of the last outside one.
      if (i + 1 < mask.counts.length || i % 2 === 1) steps[position]! += i % 2 === 0 ? 1 : -1;
    }
  }
  const counts = new Uint16Array(width * height);
  const edges = new RunEdges();
  let count = 0;
  let bare = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const position = x * height + y;
      count += steps[position]!;
      counts[y * width + x] = Math.min(count, 65_535);
      if (count === 0) {
        bare += 1;
        edges.add(position, position + 1);
      }
    }
  }
  return {
    width,
    height,
    counts,
    share: 1 - bare / (width * height),
    uncovered: edges.toRle(image),
  };
}
