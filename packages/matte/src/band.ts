import { type Mask, MaskError, type Size } from '@samgpu/mask';

/** How far around the outline of a mask the edge of an object is looked for, in pixels. */
export interface Band {
  /** Outwards: hair that the mask has lost lies there. */
  readonly outside: number;
  /** Inwards, which is less: what a mask takes in it has seldom made up. */
  readonly inside: number;
  /** The scale of it all: about as far as the outline of a good mask may be off. */
  readonly unit: number;
}

/** Pixels of the longer side that one unit stands for: about half a cell of SAM's logits. */
const SIDE_PER_UNIT = 512;
const OUTSIDE_UNITS = 24;
const INSIDE_SHARE = 1 / 4;

/**
 * The band for a mask.
 *
 * By itself it is as wide as 24 pixels in a picture of 512, in proportion. Where the mask has the
 * logits that it was made of, and these say that its outline is vague, it is wider.
 *
 * @param asked - how far outwards, in pixels, or `'auto'`
 * @throws MaskError `invalid-option`
 */
export function chooseBand(
  asked: number | 'auto',
  { width, height }: Size,
  logits: Mask['logits'],
): Band {
  const longer = Math.max(width, height);
  const unit = longer / SIDE_PER_UNIT;
  if (asked === 'auto') {
    const vague =
      logits === undefined
        ? 0
        : (outlineVagueness(logits) * longer) / Math.max(logits.width, logits.height);
    // A cell of SAM's logits is what the usual band allows for; half as much again is the most that helps.
    const stretch = Math.min(1.5, Math.max(1, vague / (2 * unit)));
    const outside = Math.max(4, OUTSIDE_UNITS * unit * stretch);
    return { outside, inside: outside * INSIDE_SHARE, unit: unit * stretch };
  }
  if (!(asked >= 1 && asked < Infinity)) {
    throw new MaskError(
      'invalid-option',
      `matte band ${asked}: wanted a number of pixels from 1 on, or 'auto'.`,
    );
  }
  return { outside: asked, inside: Math.max(1, asked * INSIDE_SHARE), unit: asked / OUTSIDE_UNITS };
}

/**
 * How vague logits leave the outline, in cells: the way over which they change by 2, which takes a
 * probability from a quarter to three quarters, at the median of the outline.
 */
function outlineVagueness({ width, height, data }: NonNullable<Mask['logits']>): number {
  const ways: number[] = [];
  const meet = (first: number, second: number): void => {
    if (first > 0 !== second > 0) ways.push(2 / Math.abs(first - second));
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = data[y * width + x]!;
      if (x + 1 < width) meet(here, data[y * width + x + 1]!);
      if (y + 1 < height) meet(here, data[(y + 1) * width + x]!);
    }
  }
  if (ways.length === 0) return 0;
  ways.sort((a, b) => a - b);
  return ways[ways.length >> 1]!;
}
