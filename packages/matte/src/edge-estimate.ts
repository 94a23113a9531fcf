import type { Bitmap, PixelSource } from '@samgpu/mask';

import type { Band } from './band.ts';
import type { CellRange, EdgeCells } from './edge-cells.ts';
import type { MatteRules } from './matte-device.ts';
import { type ColorSeparation, LINE_FIELDS } from './separation/separate-colors.ts';

/** How far the opacity of a pixel on the outline may be from its label: standard deviation. */
const DOUBT_ON_OUTLINE = 0.4;

/** Keeps certainties finite where there is no doubt. */
const LEAST_DOUBT = 1e-4;

/** How colours and mask become an opacity. */
export const estimateRules: Pick<MatteRules['estimate'], 'doubtOnOutline' | 'leastDoubt'> = {
  doubtOnOutline: DOUBT_ON_OUTLINE,
  leastDoubt: LEAST_DOUBT,
};

/** Fields per cell of a row: the line's, and the distance from the outline. */
const FIELDS = LINE_FIELDS + 1;

/**
 * The opacity of pixels as their colours and the mask together suggest it: two guesses, each counted
 * by its certainty. What colours say is as certain as they separate the sides; what the mask says
 * becomes certain with the distance from its outline. Where colours say nothing, the mask stays.
 */
export class EdgeEstimate {
  readonly #image: PixelSource;
  readonly #mask: Bitmap;
  readonly #cells: EdgeCells;
  readonly #range: CellRange;
  readonly #separation: ColorSeparation;
  readonly #band: Band;
  /** Lines of the cells, between two rows of them. */
  readonly #row: Float32Array; // [width, FIELDS]

  constructor(
    image: PixelSource,
    mask: Bitmap,
    cells: EdgeCells,
    range: CellRange,
    separation: ColorSeparation,
    band: Band,
  ) {
    this.#image = image;
    this.#mask = mask;
    this.#cells = cells;
    this.#range = range;
    this.#separation = separation;
    this.#band = band;
    this.#row = new Float32Array(separation.width * FIELDS);
  }

  /**
   * Estimates part of a row.
   *
   * @param from - first pixel
   * @param to - the pixel behind the last
   * @param opacity - where the first pixel's result goes to `opacity[at]`, and so on; somewhat below 0
   *   or above 1 where colours lie beyond those of a side
   * @param certainty - the same for 1 over the variance
   */
  readRow(
    y: number,
    from: number,
    to: number,
    opacity: Float32Array,
    certainty: Float32Array,
    at: number,
  ): void {
    const { channels = 4, width, data } = this.#image;
    const { side } = this.#cells;
    const { outside, inside } = this.#band;
    const row = this.#row;
    const last = this.#separation.width - 1;
    const labels = this.#mask.data;
    const start = this.#range.left * side + (side >> 1);
    this.#mixRow(y, (from - start) / side, (to - start) / side);
    for (let x = from; x < to; x++, at++) {
      const position = Math.min(last, Math.max(0, (x - start) / side));
      const cell = Math.min(last - 1, Math.floor(position));
      const share = last === 0 ? 0 : position - cell;
      const left = last === 0 ? 0 : cell * FIELDS;
      const right = last === 0 ? 0 : left + FIELDS;
      const label = labels[y * width + x]!;
      const distance = row[left + 5]! + share * (row[right + 5]! - row[left + 5]!);
      const reach = label === 0 ? outside : inside;
      const doubt = DOUBT_ON_OUTLINE * Math.max(0, 1 - distance / reach) + LEAST_DOUBT;
      const ofMask = 1 / (doubt * doubt);
      const pixel = (y * width + x) * channels;
      const red = row[left]! + share * (row[right]! - row[left]!);
      const green = row[left + 1]! + share * (row[right + 1]! - row[left + 1]!);
      const blue = row[left + 2]! + share * (row[right + 2]! - row[left + 2]!);
      const offset = row[left + 3]! + share * (row[right + 3]! - row[left + 3]!);
      const variance = row[left + 4]! + share * (row[right + 4]! - row[left + 4]!);
      const byColor =
        offset + (red * data[pixel]! + green * data[pixel + 1]! + blue * data[pixel + 2]!) / 255;
      // A colour far beyond a side is as sure to belong there as one that lies on it.
      const bounded = byColor < -0.2 ? -0.2 : byColor > 1.2 ? 1.2 : byColor;
      const ofColor = 1 / variance;
      certainty[at] = ofColor + ofMask;
      opacity[at] = (bounded * ofColor + label * ofMask) / (ofColor + ofMask);
    }
  }

  /** Mixes the lines of the cells above and below a row, from one column of cells to another. */
  #mixRow(y: number, from: number, to: number): void {
    const { side, width: cellsAcross, distance } = this.#cells;
    const { width, height, lines } = this.#separation;
    const { left, top } = this.#range;
    const position = Math.min(height - 1, Math.max(0, (y - (side >> 1)) / side - top));
    const above = Math.floor(position);
    const below = Math.min(height - 1, above + 1);
    const share = position - above;
    const firstCell = Math.max(0, Math.min(width - 2, Math.floor(from)));
    const lastCell = Math.min(width - 1, Math.max(1, Math.ceil(to)));
    for (let x = firstCell; x <= lastCell; x++) {
      const first = (above * width + x) * LINE_FIELDS;
      const second = (below * width + x) * LINE_FIELDS;
      for (let k = 0; k < LINE_FIELDS; k++) {
        this.#row[x * FIELDS + k] =
          lines[first + k]! + share * (lines[second + k]! - lines[first + k]!);
      }
      const far = distance[(top + above) * cellsAcross + left + x]!;
      const farBelow = distance[(top + below) * cellsAcross + left + x]!;
      this.#row[x * FIELDS + LINE_FIELDS] = far + share * (farBelow - far);
    }
  }
}
